# Measuring Recur, alone or beside others: docs/performance.md. Nothing of this is needed to use it.
#
#   ROWS=REGEX         only the rows whose names it is found in, as in lstm-float-forward-1-T100-
#   BENCH="--fresh"    begin again; python3 Benchmarks/bench.py --help tells the other options

ROWS ?=
BENCH ?=
BENCH_VENV := Benchmarks/.venv
FORECASTS_VENV := Benchmarks/.venv-forecasts
BENCH_LIBRARIES := $(BUILD)/bench/librecur_timing.so $(BUILD)/bench/roofs

.PHONY: bench bench-report bench-quick bench-shapes bench-swift bench-demo bench-forecasts

bench: $(BENCH_LIBRARIES) $(BENCH_VENV)/complete ## measure Recur beside its peers (ROWS=REGEX: a part)
	$(BENCH_VENV)/bin/python Benchmarks/bench.py --rows='$(ROWS)' $(BENCH); status=$$?; \
	  $(BENCH_VENV)/bin/python Benchmarks/picture.py && exit $$status

bench-report: ## write what make bench measured into docs/performance.md
	python3 Benchmarks/report.py

bench-quick: $(BENCH_LIBRARIES) ## measure Recur alone (ROWS=REGEX: a part)
	python3 Benchmarks/bench.py --quick --rows='$(ROWS)' $(BENCH)

bench-shapes: $(BENCH_LIBRARIES) ## look for shapes at which Recur is slow (ROWS=REGEX: a part)
	python3 Benchmarks/shapes.py --rows='$(ROWS)' $(BENCH)

bench-swift: dependencies ## check what the Swift API costs beside the C API (ROWS=REGEX: a part)
	cd Benchmarks/SwiftOverhead && swift run -c release overhead '$(ROWS)'

bench-demo: dependencies $(BENCH_VENV)/complete ## a training step of the demo's model, beside PyTorch
	cd Benchmarks/SwiftOverhead && swift build -c release --product training-step
	$(BENCH_VENV)/bin/python Benchmarks/demo_step.py \
	  "$$(cd Benchmarks/SwiftOverhead && swift build -c release --show-bin-path)/training-step"

bench-forecasts: dependencies $(FORECASTS_VENV)/complete ## compare forecasts with AutoARIMA and AutoETS
	swift build -c release --product RecurCommand
	$(FORECASTS_VENV)/bin/python Benchmarks/forecasts.py \
	  "$$(swift build -c release --show-bin-path)/RecurCommand"

$(FORECASTS_VENV)/complete: Benchmarks/requirements-forecasts.txt
	python3 -m venv $(FORECASTS_VENV)
	$(FORECASTS_VENV)/bin/pip install --quiet -r $<
	touch $@

$(BENCH_VENV)/complete: Benchmarks/requirements.txt
	@echo "This fetches PyTorch, ONNX Runtime, OpenVINO and JAX into $(BENCH_VENV): about 6 GB."
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet -r $<
	touch $@

# Compiled as Swift's package manager does, by clang where there is one.
BENCH_CC := $(or $(shell command -v clang),$(CC))
$(BUILD)/bench/librecur_timing.so: Benchmarks/recur_timing.c Benchmarks/uniform.c $(SOURCES) \
    $(wildcard CKernels/*/*.h) $(HEADERS) | dependencies
	@mkdir -p $(@D)
	$(BENCH_CC) -std=c11 -O2 -fPIC -Iinclude -ICKernels -shared $(filter %.c,$^) $(LIBRARIES) -o $@

$(BUILD)/bench/roofs: $(wildcard Benchmarks/roofs/*.c) Benchmarks/roofs/roofs.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(WARNINGS) -O3 -ffp-contract=fast $(filter %.c,$^) -lpthread -o $@
