# Recur. `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
VERSION := $(shell sed -n 's/^\#define RECUR_VERSION "\(.*\)"/\1/p' include/recur/version.h)
SOVERSION := 0

BUILD := build
JOBS := $(shell nproc)
SOURCES := $(wildcard CKernels/*/*.c)
HEADERS := $(wildcard include/recur/*.h)
OBJECTS := $(SOURCES:CKernels/%.c=$(BUILD)/%.o)
CMAKE_FILES := $(BUILD)/recur-config.cmake $(BUILD)/recur-config-version.cmake
C_TESTS := $(patsubst %.c,%,$(notdir $(wildcard Tests/c/*/test_*.c))) \
  $(patsubst %.c,%_float,$(notdir $(shell grep -l '^.include "base/precision.h"' Tests/c/*/test_*.c)))

WARNINGS := -Wall -Wextra -pedantic -Wmissing-prototypes -Wshadow
COMPILE = $(CC) -std=c11 -ffp-contract=off $(WARNINGS) $(CFLAGS) -fPIC -pthread -Iinclude -ICKernels
LIBRARIES := -lgsl -lgslcblas -lm
ARM64 := $(BUILD)/arm64-sysroot/usr

.PHONY: help demo test test-swift test-c test-documents lib check check-clang check-threads check-valgrind \
  check-valgrind-quick check-arm64 check-arm64-quick check-install test-slow install command \
  install-command format lint docs docs-serve clean dependencies swift-dependencies \
  plot-dependencies test-dependencies arm64-dependencies run-c-tests FORCE

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 30

demo: dependencies swift-dependencies plot-dependencies ## train on 42 years of weekly CO2 values and forecast the next two years
	swift build -c release --product RecurCommand
	$$(swift build -c release --show-bin-path)/RecurCommand demo \
	  --data Examples/data/co2-weekly-mauna-loa.csv --output $(BUILD)/demo

# The Swift tests compile mostly on one core, so the C tests run at the same time.
test: dependencies swift-dependencies test-dependencies ## run the tests of C and Swift: less than 10 minutes on two cores
	$(MAKE) -j2 --output-sync=line --no-print-directory test-swift test-c

test-documents: dependencies swift-dependencies test-dependencies ## run the commands and programs of README and the chapters, with optimized builds
	Tests/readme/run.sh
	Tests/chapters/run.sh
	Tests/recordings/run.sh

test-swift:
	swift test

test-c: check check-fuzz
	Tests/headers/run.sh

lib: dependencies $(BUILD)/librecur.so $(BUILD)/librecur.a $(BUILD)/recur.pc ## build the C library

check: dependencies files-dependencies ## run the C tests
	$(MAKE) -j$(JOBS) --no-print-directory run-c-tests

check-clang: dependencies files-dependencies ## run the C tests with clang
	$(MAKE) -j$(JOBS) --no-print-directory run-c-tests BUILD=$(BUILD)/clang CC=clang

check-threads: dependencies ## run the thread tests with gcc's thread sanitizer
	$(MAKE) -j$(JOBS) --no-print-directory run-c-tests BUILD=$(BUILD)/threads CC=gcc \
	  CFLAGS="-O1 -g1 -fsanitize=thread" C_TESTS="test_threads test_thread_start test_network_threads test_model_threads"

check-install: dependencies swift-dependencies test-dependencies ## test the installed library, package and command
	Tests/install/run.sh
	Tests/install/package.sh
	Tests/install/command.sh

check-valgrind: dependencies files-dependencies test-dependencies ## run the C tests under valgrind
	$(MAKE) -j$(JOBS) --no-print-directory run-c-tests \
	  RUN="valgrind --quiet --leak-check=full --error-exitcode=1" \
	  C_TESTS="$(filter-out $(SPINNING) $(FLUSHING),$(C_TESTS))"

# The tests that allocate in the most ways; check-memory and the address sanitizer run the others.
ALLOCATING := test_memory test_head_memory test_network_empty test_network_errors test_layouts \
  test_network_record test_initialization test_threads
check-valgrind-quick: ## run the C tests of memory under valgrind
	$(MAKE) --no-print-directory check-valgrind \
	  C_TESTS="$(filter $(ALLOCATING) $(ALLOCATING:%=%_float),$(C_TESTS))"

# Spinning threads run one at a time under valgrind and in an emulator, which takes many minutes.
SPINNING := test_network_threads test_network_threads_float test_model_threads test_model_threads_float

# valgrind computes with subnormal numbers, although the kernels turn them off.
FLUSHING := $(foreach test,environment head_environment model_environment norm,test_$(test) test_$(test)_float)

check-arm64: arm64-dependencies ## run the C tests for arm64 in an emulator
	$(MAKE) -j$(JOBS) --no-print-directory run-c-tests BUILD=$(BUILD)/arm64 CC=aarch64-linux-gnu-gcc \
	  CFLAGS="-O2 -isystem $(ARM64)/include -isystem $(ARM64)/include/aarch64-linux-gnu" \
	  RUN="qemu-aarch64 -L /usr/aarch64-linux-gnu" \
	  LIBRARIES="-L$(ARM64)/lib/aarch64-linux-gnu -Wl,-Bstatic -lgsl -lgslcblas -Wl,-Bdynamic -lm" \
	  C_TESTS="$(filter-out $(SPINNING),$(C_TESTS))"

LONGEST := test_cells test_cells_float test_environment test_environment_float test_stack test_stack_float \
  test_functions test_model_nodes test_norm
check-arm64-quick: ## run the C tests for arm64 except the longest
	$(MAKE) --no-print-directory check-arm64 C_TESTS="$(filter-out $(LONGEST),$(C_TESTS))"

SLOW_TESTS := $(BUILD)/test_functions $(BUILD)/test_functions_float
SLOW_FUNCTIONS := tanh sigmoid exp elu softplus softsign silu
test-slow: dependencies swift-dependencies $(SLOW_TESTS) ## test functions on all float values, and run all learning tasks
	@for program in $(SLOW_TESTS); do \
	  printf '%s\n' $(SLOW_FUNCTIONS) | xargs -P "$$(nproc)" -I '{}' \
	    env RECUR_TEST_SLOW='{}' $$program || exit 1; done
	RECUR_TEST_SLOW=tasks swift test -c release -Xswiftc -enable-testing --filter TaskTests

dependencies:
	@scripts/install-packages libgsl-dev

swift-dependencies: files-dependencies audio-dependencies

# Other Debian packages also have gnuplot, and would be removed. Without gnuplot, the command draws no plot
# and says why.
plot-dependencies:
	@command -v gnuplot >/dev/null || scripts/install-packages gnuplot-nox || true

test-dependencies:
	@scripts/install-packages gcc g++ pkg-config valgrind cmake gnuplot-nox

arm64-dependencies:
	@scripts/install-packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
	scripts/build-arm64-sysroot $(BUILD)/arm64-sysroot libgsl-dev libjansson-dev zlib1g-dev

clean: ## remove all build products
	rm -rf $(BUILD) .build

format: ## format the sources
	@scripts/install-packages clang-format
	clang-format -i $(FORMATTED_C)
	swift format --in-place --recursive $(FORMATTED_SWIFT)

lint: dependencies files-dependencies ## check formats, scripts, includes, folders, versions and doc comments
	@scripts/install-packages clang-format gcc g++ shellcheck flake8
	clang-format --dry-run --Werror $(FORMATTED_C)
	swift format lint --strict --recursive $(FORMATTED_SWIFT)
	shellcheck $(SHELL_SCRIPTS)
	flake8 $(PYTHON)
	scripts/check-includes
	scripts/check-executables
	scripts/check-folders
	scripts/check-words
	scripts/check-version
	scripts/check-links
	scripts/check-names
	scripts/check-doc-parameters

SHELL_SCRIPTS = $(sort $(shell git ls-files '*.sh'; git grep -lE '^.!/.*sh$$' .ci scripts fuzz))
PYTHON = $(sort $(shell git ls-files '*.py'; git grep -lE '^.!/.*python3$$' scripts))
FORMATTED_C = $(shell git ls-files '*.c' '*.h' '*.cpp')
FORMATTED_SWIFT := Package.swift Sources Tests Examples \
  $(addprefix Benchmarks/SwiftOverhead/,Package.swift Sources) \
  $(addprefix fuzz/swift/,Package.swift Support Targets)

docs: dependencies swift-dependencies ## build the documentation as a web site in build/docs, and check it
	@scripts/install-packages python3-venv
	scripts/build-docs $(BUILD)/docs
	$(BUILD)/docs-work/venv/bin/python Tests/site/test_docs.py
	scripts/check-docs $(BUILD)/docs

docs-serve: docs ## build and serve the documentation, and print its address
	@scripts/serve-docs $(BUILD)/docs

# The C library

$(BUILD)/%.o: CKernels/%.c $(wildcard CKernels/*/*.h) $(HEADERS)
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

# A file in float/ includes its double-precision twin: see CKernels/base/precision.h.
$(filter $(BUILD)/float/%,$(OBJECTS)): $(SOURCES)

$(BUILD)/librecur.so: $(OBJECTS) packaging/exports.map
	$(CC) $(CFLAGS) -shared -Wl,-soname,librecur.so.$(SOVERSION) -Wl,--no-undefined \
	  -Wl,--version-script=packaging/exports.map $(OBJECTS) -pthread -lm -o $@

$(BUILD)/librecur.a: $(OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%: packaging/%.in include/recur/version.h FORCE
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' \
	  -e 's|@SOVERSION@|$(SOVERSION)|g' $< > $@

FORCE:

LIB := $(DESTDIR)$(PREFIX)/lib
install: lib $(CMAKE_FILES) ## install the C library in DESTDIR and PREFIX (/usr/local)
	install -d $(LIB)/pkgconfig $(LIB)/cmake/recur $(DESTDIR)$(PREFIX)/include/recur
	install -m 644 $(HEADERS) $(DESTDIR)$(PREFIX)/include/recur
	install -m 755 $(BUILD)/librecur.so $(LIB)/librecur.so.$(VERSION)
	ln -sf librecur.so.$(VERSION) $(LIB)/librecur.so.$(SOVERSION)
	ln -sf librecur.so.$(SOVERSION) $(LIB)/librecur.so
	install -m 644 $(BUILD)/librecur.a $(LIB)
	install -m 644 $(BUILD)/recur.pc $(LIB)/pkgconfig
	install -m 644 $(CMAKE_FILES) $(LIB)/cmake/recur

# The command, with its manual page and completions, which the argument parser generates. A static
# build uses other compiler options, so it has its own folder; otherwise each build would undo the
# other. The folder is named .build because with another name a second build fails in Swift 6.3.

COMMAND := $(BUILD)/command
STATIC = -c release --static-swift-stdlib --scratch-path $(BUILD)/static/.build $(TRAITS)
SHARE := $(DESTDIR)$(PREFIX)/share

command: dependencies swift-dependencies ## build the command recur, its manual page and completions (AUDIO=0: without recordings)
	swift package $(TRAITS) plugin generate-manual --configuration release
	swift build $(STATIC) --product RecurCommand
	@mkdir -p $(COMMAND)
	cp $$(swift build $(STATIC) --show-bin-path)/RecurCommand $(COMMAND)/recur
	cp .build/plugins/GenerateManual/outputs/RecurCommand/recur.1 $(COMMAND)
	for shell in bash zsh fish; do \
	  $(COMMAND)/recur --generate-completion-script $$shell > $(COMMAND)/completion.$$shell || exit 1; \
	done

install-command: ## install the results of `make command` in DESTDIR and PREFIX
	install -D -m 755 $(COMMAND)/recur $(DESTDIR)$(PREFIX)/bin/recur
	install -D -m 644 $(COMMAND)/recur.1 $(SHARE)/man/man1/recur.1
	install -D -m 644 $(COMMAND)/completion.bash $(SHARE)/bash-completion/completions/recur
	install -D -m 644 $(COMMAND)/completion.zsh $(SHARE)/zsh/site-functions/_recur
	install -D -m 644 $(COMMAND)/completion.fish $(SHARE)/fish/vendor_completions.d/recur.fish

# The C tests. RUN is a command prefix, such as valgrind. A test that includes base/precision.h is
# compiled for double precision, and again, as NAME_float, for single precision.

vpath test_%.c $(wildcard Tests/c/*)

run-c-tests: $(C_TESTS:%=$(BUILD)/%)
	@printf '%s\n' $^ | xargs -P $(JOBS) -I '{}' sh -c \
	  'output=$$($(RUN) {} 2>&1); status=$$?; printf "%s\n" "$(CC): {}" "$$output"; exit $$status'

$(BUILD)/test_%_float: test_%.c $(wildcard Tests/c/*/*.h) $(BUILD)/librecur.a
	$(COMPILE) -ITests/c -DRK_FLOAT $< $(BUILD)/librecur.a $(LIBRARIES) -o $@

$(BUILD)/test_%: test_%.c $(wildcard Tests/c/*/*.h) $(BUILD)/librecur.a
	$(COMPILE) -ITests/c $< $(BUILD)/librecur.a $(LIBRARIES) -o $@

include CFiles/files.mk
include Sources/RecurAudio/audio.mk
include CMPI/mpi.mk
include Benchmarks/bench.mk
include Tests/mutation/mutation.mk
include Tests/limits/limits.mk
include Tests/analysis/analysis.mk
include Tests/torture/torture.mk
include Tests/distributed/engines.mk
include fuzz/fuzz.mk
