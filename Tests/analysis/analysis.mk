# Coverage, sanitizers and static analysis. Using Recur does not need them.

.PHONY: coverage check-sanitizers check-address check-memory check-realtime check-subnormals check-swift-threads \
  analyze

vpath test_%.c Tests/analysis

RUN_TESTS = $(MAKE) -j$(JOBS) --no-print-directory run-c-tests CC=clang

# They compare functions at many arguments, which takes the longest and reaches no other code.
FUNCTIONS := test_functions test_functions_float
QUICK := $(filter-out $(FUNCTIONS) $(SPINNING),$(C_TESTS))

COVERED := $(abspath $(BUILD)/coverage)
coverage: dependencies files-dependencies ## measure which lines and branches of the C libraries their tests run
	rm -rf $(COVERED)/profiles
	LLVM_PROFILE_FILE=$(COVERED)/profiles/%m.profraw $(RUN_TESTS) BUILD=$(COVERED) \
	  CFLAGS="-O1 -gline-tables-only -fprofile-instr-generate -fcoverage-mapping" \
	  LIBRARIES="-fuse-ld=bfd $(LIBRARIES)" C_TESTS="$(filter-out $(FUNCTIONS),$(C_TESTS))"
	scripts/coverage $(COVERED) Tests/analysis/coverage-exclusions.txt

check-sanitizers: check-address check-memory check-realtime check-subnormals ## run the next four targets

# The library is that of the fuzz targets, because compiling it takes longer than running the tests.
check-address: dependencies files-dependencies ## run the C tests with the address, undefined-behavior and integer sanitizers
	$(RUN_TESTS) BUILD=$(BUILD)/fuzz/sanitized/c CFLAGS="$$(fuzz/c/build --flags sanitized)" \
	  LIBRARIES="-fuse-ld=bfd $(LIBRARIES)"

# Without the tests of files: Debian's jansson and zlib are compiled without the sanitizer, which then reports
# what they write as uninitialized. valgrind runs these tests.
MEMORY := -O1 -gline-tables-only -fsanitize=memory -fno-sanitize-recover=all
check-memory: dependencies ## run the C tests with the sanitizer for uninitialized memory
	@mkdir -p $(BUILD)/memory
	clang -std=c11 $(MEMORY) -c Tests/analysis/gsl.c -o $(BUILD)/memory/gsl.o
	$(RUN_TESTS) BUILD=$(BUILD)/memory CFLAGS="$(MEMORY)" \
	  LIBRARIES="-fuse-ld=bfd $(BUILD)/memory/gsl.o -lm" C_TESTS="$(filter-out $(FILES_TESTS),$(QUICK))"

# With several threads, the calling thread waits for the others; everything else is still checked.
REALTIME := BUILD=$(BUILD)/realtime CFLAGS="-O2 -gline-tables-only -fsanitize=realtime" \
  C_TESTS="test_realtime test_realtime_float"
check-realtime: dependencies ## check that passes neither allocate nor wait, with the real-time sanitizer
	$(RUN_TESTS) $(REALTIME)
	RECUR_TEST_THREADS=2 RTSAN_OPTIONS=suppressions=Tests/analysis/realtime-threads.txt \
	  $(RUN_TESTS) $(REALTIME)

check-subnormals: dependencies ## check that no thread computes with subnormal numbers (x86)
	$(RUN_TESTS) BUILD=$(BUILD)/subnormals C_TESTS="test_subnormals test_subnormals_float" \
	  CFLAGS="-O2 -gline-tables-only -D_GNU_SOURCE= -ITests/analysis -include environment_hook.h"

check-swift-threads: dependencies swift-dependencies ## run the concurrent Swift tests with the thread sanitizer
	RECUR_ONLY_TRAINING=1 swift test --sanitize=thread -Xcc -O1 --scratch-path $(BUILD)/tsan/.build --filter '$(CONCURRENT)'

CONCURRENT := SharedWorkTests|aModelIsAValueForManyTasks|WholeFileTests|TrainingBitsTests

# gcc follows every path through the vector code, which takes minutes for each file; the parameters
# limit the paths.
ANALYZED = $(SOURCES) $(FILES_SOURCES) Sources/CLinearAlgebra/linear_algebra.c
VECTOR_CODE := $(wildcard $(foreach set,avx512 avx2 neon portable,CKernels/*/$(set).c))
ANALYSIS = -std=c11 -Iinclude -ICKernels $(FILES_INCLUDES) -ISources/CLinearAlgebra/include
GCC_ANALYSIS = gcc -fanalyzer -Werror -O2 $(ANALYSIS) -o /dev/null -c
LIMITS := --param analyzer-max-enodes-per-program-point=1 --param analyzer-bb-explosion-factor=1
analyze: dependencies files-dependencies ## run the static analyzers of clang and gcc
	printf '%s\n' $(ANALYZED) | xargs -P $(JOBS) -n 1 \
	  clang --analyze --analyzer-output text -Xclang -analyzer-werror $(ANALYSIS)
	printf '%s\n' $(filter-out $(VECTOR_CODE),$(ANALYZED)) | xargs -P $(JOBS) -n 1 $(GCC_ANALYSIS)
	printf '%s\n' $(VECTOR_CODE) | xargs -P $(JOBS) -n 1 $(GCC_ANALYSIS) $(LIMITS)
