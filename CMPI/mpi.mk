# The library of training over MPI, librecurmpi: see CMPI/include/recur/mpi.h. It needs Open MPI, so it is built
# only if MPI=1: make lib MPI=1, make install MPI=1, make command MPI=1.

MPI ?= 0
MPICC ?= mpicc
MPI_SOURCES := $(filter-out %/for_swift.c,$(wildcard CMPI/*.c))
MPI_HEADERS := $(wildcard CMPI/include/recur/*.h)
MPI_OBJECTS := $(MPI_SOURCES:CMPI/%.c=$(BUILD)/mpi/%.o)
MPI_INCLUDES := -ICMPI/include

.PHONY: lib-mpi install-mpi mpi-dependencies check-distributed

ifeq ($(MPI),1)
lib: lib-mpi
install: install-mpi
swift-dependencies: mpi-dependencies
comma := ,
# A list of traits replaces the default ones.
TRAITS = --traits $(if $(filter 0,$(AUDIO)),MPI,Audio$(comma)MPI)
endif

lib-mpi: dependencies mpi-dependencies $(BUILD)/librecurmpi.so $(BUILD)/librecurmpi.a $(BUILD)/recur-mpi.pc

mpi-dependencies:
	@scripts/install-packages openmpi-bin libopenmpi-dev

# The compiler mpicc calls is CC. Its sources use only the public headers of the C library.
MPI_COMPILE = OMPI_CC=$(CC) $(filter-out -ICKernels,$(COMPILE:$(CC)%=$(MPICC)%)) $(MPI_INCLUDES)

$(BUILD)/mpi/%.o: CMPI/%.c $(wildcard CMPI/*.h) $(MPI_HEADERS) $(HEADERS)
	@mkdir -p $(@D)
	$(MPI_COMPILE) -c $< -o $@

$(BUILD)/librecurmpi.so: $(MPI_OBJECTS) $(BUILD)/librecur.so packaging/exports.map
	OMPI_CC=$(CC) $(MPICC) $(CFLAGS) -shared -Wl,-soname,librecurmpi.so.$(SOVERSION) -Wl,--no-undefined \
	  -Wl,--version-script=packaging/exports.map $(MPI_OBJECTS) $(BUILD)/librecur.so -o $@

$(BUILD)/librecurmpi.a: $(MPI_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

install-mpi: lib-mpi
	install -d $(LIB)/pkgconfig $(DESTDIR)$(PREFIX)/include/recur
	install -m 644 $(MPI_HEADERS) $(DESTDIR)$(PREFIX)/include/recur
	install -m 755 $(BUILD)/librecurmpi.so $(LIB)/librecurmpi.so.$(VERSION)
	ln -sf librecurmpi.so.$(VERSION) $(LIB)/librecurmpi.so.$(SOVERSION)
	ln -sf librecurmpi.so.$(SOVERSION) $(LIB)/librecurmpi.so
	install -m 644 $(BUILD)/librecurmpi.a $(LIB)
	install -m 644 $(BUILD)/recur-mpi.pc $(LIB)/pkgconfig

$(BUILD)/test_mpi: Tests/mpi/test_mpi.c $(wildcard Tests/c/support/*.h) $(BUILD)/librecurmpi.a $(BUILD)/librecur.a
	$(MPI_COMPILE) -ITests/c $< $(BUILD)/librecurmpi.a $(BUILD)/librecur.a $(LIBRARIES) -o $@

# A command with MPI has a folder of its own: otherwise each build would undo the other.
MPI_BUILD := $(BUILD)/mpi/.build
MPI_COMMAND = swift build -c release --traits Audio,MPI --scratch-path $(MPI_BUILD) --product RecurCommand

check-distributed: dependencies swift-dependencies mpi-dependencies $(BUILD)/test_mpi ## test training over MPI, which needs Open MPI
	$(MPI_COMMAND)
	Tests/mpi/run.sh $(BUILD)/test_mpi $(MPI_BUILD)/release/RecurCommand
