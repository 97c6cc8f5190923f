# The library of files, librecurfiles: see CFiles/include/recur/. It needs jansson and zlib, so that the C
# library itself needs GSL alone.

FILES_SOURCES := $(wildcard CFiles/*.c)
FILES_HEADERS := $(wildcard CFiles/include/recur/*.h)
FILES_OBJECTS := $(FILES_SOURCES:CFiles/%.c=$(BUILD)/files/%.o)
FILES_INCLUDES := -ICFiles/include
FILES_LIBRARIES := -ljansson -lz -lm
FILES_TESTS := $(patsubst %.c,%,$(notdir $(wildcard Tests/c/files/test_*.c)))

.PHONY: lib-files install-files files-dependencies

lib-files: dependencies files-dependencies $(BUILD)/librecurfiles.so $(BUILD)/librecurfiles.a \
  $(BUILD)/recur-files.pc $(BUILD)/recur-files.cmake ## build the C library of files

files-dependencies:
	@scripts/install-packages libjansson-dev zlib1g-dev

# Its sources use only the public headers of the C library.
$(BUILD)/files/%.o: CFiles/%.c $(wildcard CFiles/*.h) $(FILES_HEADERS) $(HEADERS)
	@mkdir -p $(@D)
	$(filter-out -ICKernels,$(COMPILE)) $(FILES_INCLUDES) -c $< -o $@

$(BUILD)/librecurfiles.so: $(FILES_OBJECTS) $(BUILD)/librecur.so packaging/exports.map
	$(CC) $(CFLAGS) -shared -Wl,-soname,librecurfiles.so.$(SOVERSION) -Wl,--no-undefined \
	  -Wl,--version-script=packaging/exports.map $(FILES_OBJECTS) $(BUILD)/librecur.so \
	  $(FILES_LIBRARIES) -o $@

$(BUILD)/librecurfiles.a: $(FILES_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

install-files: install lib-files ## also install the C library of files
	install -m 644 $(FILES_HEADERS) $(DESTDIR)$(PREFIX)/include/recur
	install -m 755 $(BUILD)/librecurfiles.so $(LIB)/librecurfiles.so.$(VERSION)
	ln -sf librecurfiles.so.$(VERSION) $(LIB)/librecurfiles.so.$(SOVERSION)
	ln -sf librecurfiles.so.$(SOVERSION) $(LIB)/librecurfiles.so
	install -m 644 $(BUILD)/librecurfiles.a $(LIB)
	install -m 644 $(BUILD)/recur-files.pc $(LIB)/pkgconfig
	install -m 644 $(BUILD)/recur-files.cmake $(LIB)/cmake/recur

$(FILES_TESTS:%=$(BUILD)/%): $(BUILD)/%: Tests/c/files/%.c $(wildcard Tests/c/*/*.h) \
    $(BUILD)/librecurfiles.a $(BUILD)/librecur.a
	$(COMPILE) $(FILES_INCLUDES) -ITests/c $< $(BUILD)/librecurfiles.a $(BUILD)/librecur.a \
	  $(FILES_LIBRARIES) $(LIBRARIES) -o $@
