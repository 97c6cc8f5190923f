# Benchmarks of Recur and its peers: see docs/performance.md. Using Recur does not need them.
#
#   ROWS=REGEX         measure only the rows whose names match, e.g. lstm-float-forward-1-T100-
#   HALF=report        the half of the series of make bench-forecasts and bench-panels (default: choose)
#   BENCH="--fresh"    start again; python3 Benchmarks/bench.py --help lists all options

ROWS ?=
HALF ?= choose
BENCH ?=
BENCH_VENV := Benchmarks/.venv
FORECASTS_VENV := Benchmarks/.venv-forecasts
BENCH_LIBRARIES := $(BUILD)/bench/librecur_timing.so $(BUILD)/bench/roofs

.PHONY: bench bench-report bench-quick bench-shapes bench-swift bench-demo bench-forecasts \
  bench-panels bench-ranks

bench: $(BENCH_LIBRARIES) $(BENCH_VENV)/complete ## compare the speed of Recur with its peers (ROWS=REGEX: some rows)
	$(BENCH_VENV)/bin/python Benchmarks/bench.py --rows='$(ROWS)' $(BENCH); status=$$?; \
	  $(BENCH_VENV)/bin/python Benchmarks/picture.py && exit $$status

bench-report: ## write the results of make bench into docs/performance.md
	python3 Benchmarks/report.py

bench-quick: $(BENCH_LIBRARIES) ## measure the speed of Recur alone (ROWS=REGEX: some rows)
	python3 Benchmarks/bench.py --quick --rows='$(ROWS)' $(BENCH)

bench-shapes: $(BENCH_LIBRARIES) ## search for unusually slow shapes (ROWS=REGEX: some rows)
	python3 Benchmarks/shapes.py --rows='$(ROWS)' $(BENCH)

bench-swift: dependencies ## check the overhead of the Swift API over C (ROWS=REGEX: some rows)
	cd Benchmarks/SwiftOverhead && swift run -c release overhead '$(ROWS)'

bench-demo: dependencies $(BENCH_VENV)/complete ## compare a training step of the demo's model with PyTorch
	cd Benchmarks/SwiftOverhead && swift build -c release --product training-step
	$(BENCH_VENV)/bin/python Benchmarks/demo_step.py \
	  "$$(cd Benchmarks/SwiftOverhead && swift build -c release --show-bin-path)/training-step"

bench-forecasts: dependencies $(FORECASTS_VENV)/complete ## compare forecasts with statistical methods (HALF=choose or report)
	swift build -c release --product RecurCommand
	$(FORECASTS_VENV)/bin/python Benchmarks/forecasts --half=$(HALF) \
	  "$$(swift build -c release --show-bin-path)/RecurCommand"

bench-panels: dependencies $(FORECASTS_VENV)/complete ## compare forecasts of many series with statistical methods (HALF=choose or report)
	swift build -c release --product RecurCommand
	$(FORECASTS_VENV)/bin/python Benchmarks/panels.py --half=$(HALF) \
	  "$$(swift build -c release --show-bin-path)/RecurCommand"

bench-ranks: dependencies swift-dependencies mpi-dependencies $(BUILD)/mpi_sum $(BENCH_VENV)/complete ## measure training with one and two processes over MPI
	$(MPI_COMMAND)
	Benchmarks/ranks.py $(MPI_BUILD)/release/RecurCommand Examples/data/alice-in-wonderland.txt \
	  $(BENCH_VENV)/bin/torchrun
	Benchmarks/shards.py $(MPI_BUILD)/release/RecurCommand Examples/data/alice-in-wonderland.txt
	OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n 2 $(BUILD)/mpi_sum

$(BUILD)/mpi_sum: Benchmarks/mpi_sum.c $(BUILD)/librecurmpi.a $(BUILD)/librecur.a
	$(MPI_COMPILE) $< $(BUILD)/librecurmpi.a $(BUILD)/librecur.a $(LIBRARIES) -o $@

$(FORECASTS_VENV)/complete: Benchmarks/requirements-forecasts.txt Benchmarks/requirements-series.txt
	python3 -m venv $(FORECASTS_VENV)
	$(FORECASTS_VENV)/bin/pip install --quiet -r Benchmarks/requirements-forecasts.txt
	$(FORECASTS_VENV)/bin/pip install --quiet --no-deps -r Benchmarks/requirements-series.txt
	touch $@

$(BENCH_VENV)/complete: Benchmarks/requirements.txt
	@echo "Downloading PyTorch, ONNX Runtime, OpenVINO, JAX and tract into $(BENCH_VENV): about 6 GB."
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet -r $<
	touch $@

# Compiled as by SwiftPM, with clang if available.
BENCH_CC := $(or $(shell command -v clang),$(CC))
$(BUILD)/bench/librecur_timing.so: Benchmarks/recur_timing.c Benchmarks/recur_timing_float.c \
    Benchmarks/uniform.c $(SOURCES) \
    $(wildcard CKernels/*/*.h) $(HEADERS) | dependencies
	@mkdir -p $(@D)
	$(BENCH_CC) -std=c11 -O2 -fPIC -Iinclude -ICKernels -shared $(filter %.c,$^) $(LIBRARIES) -o $@

$(BUILD)/bench/roofs: $(wildcard Benchmarks/roofs/*.c) Benchmarks/roofs/roofs.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(WARNINGS) -O3 -ffp-contract=fast $(filter %.c,$^) -lpthread -o $@
