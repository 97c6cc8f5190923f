# Fuzz targets: see fuzz/README.md.
#
#   SECONDS=60, RUNS=100000    limits for each target
#   TARGETS="networks heads"   only these targets
#   FUZZ="--lines"             further options of fuzz/run

SECONDS ?=
RUNS ?=
TARGETS ?=
FUZZ ?=

.PHONY: fuzz fuzz-swift-programs check-fuzz check-fuzz-swift

fuzz: ## run the fuzz targets (SECONDS=60 or RUNS=100000 for each, TARGETS="networks heads")
	fuzz/run $(SECONDS:%=--seconds %) $(RUNS:%=--runs %) $(FUZZ) $(TARGETS)

fuzz-swift-programs: ## build the Swift fuzz targets without optimization (for make fuzz FUZZ=--quick)
	fuzz/swift/build quick $(BUILD)/fuzz/quick $(shell fuzz/swift/build --list)

check-fuzz: ## rerun the seeds of the C fuzz targets with sanitizers
	fuzz/run --check $(FUZZ) $(or $(TARGETS),$(shell fuzz/c/build --list))

check-fuzz-swift: ## rerun the seeds of the Swift fuzz targets with the address sanitizer
	fuzz/run --check $(FUZZ) $(or $(TARGETS),$(shell fuzz/swift/build --list))

# A C target is compiled once for each precision: see fuzz/c/entry.h.
FUZZ_FOLDER ?= $(BUILD)/fuzz
LIB_FUZZING_ENGINE ?= -fsanitize=fuzzer
# The engine is C++, and OSS-Fuzz chooses its standard library.
CXXFLAGS ?= $(CFLAGS)
FUZZ_HEADERS := $(wildcard fuzz/c/*.h)

FUZZ_INCLUDES := -Ifuzz/c -ICFiles/include

$(BUILD)/fuzz_%_float.o: fuzz/c/fuzz_%.c $(FUZZ_HEADERS) $(HEADERS)
	@mkdir -p $(@D)
	$(COMPILE) $(FUZZ_INCLUDES) -DRK_FLOAT -c $< -o $@

$(BUILD)/fuzz_%.o: fuzz/c/fuzz_%.c $(FUZZ_HEADERS) $(HEADERS)
	@mkdir -p $(@D)
	$(COMPILE) $(FUZZ_INCLUDES) -c $< -o $@

# The machines of OSS-Fuzz that run the targets have no shared libraries.
$(FUZZ_FOLDER)/modelfile: $(BUILD)/fuzz_modelfile.o $(BUILD)/librecurfiles.a $(BUILD)/librecur.a
	$(CXX) $(CXXFLAGS) $^ $(LIB_FUZZING_ENGINE) -l:libjansson.a -l:libz.a -pthread -lm -o $@

$(FUZZ_FOLDER)/%: $(BUILD)/fuzz_%.o $(BUILD)/fuzz_%_float.o $(BUILD)/librecur.a
	$(CXX) $(CXXFLAGS) $^ $(LIB_FUZZING_ENGINE) -pthread -lm -o $@

.PRECIOUS: $(BUILD)/fuzz_%.o $(BUILD)/fuzz_%_float.o
