# Forecasts of a panel by GNU parallel, Slurm, Spark and Dask: Tests/distributed/run.py.
#
#   RECUR=…       the command to test; without it, a release build of this checkout
#   ENGINES="…"   some of parallel, slurm, spark and dask

ENGINES ?= parallel slurm spark dask
RECUR ?=

.PHONY: check-engines engines-dependencies

check-engines: engines-dependencies ## test forecasts with GNU parallel, Slurm, Spark and Dask: about 8 minutes, and 500 MB of packages (ENGINES=names)
	$(if $(RECUR),,swift build -c release --product RecurCommand)
	$(BUILD)/engines/venv/bin/python Tests/distributed/run.py \
	  --recur "$(or $(RECUR),$$(swift build -c release --show-bin-path)/RecurCommand)" $(ENGINES)

# These need the network once: Debian's archive and the Python Package Index.
engines-dependencies: $(if $(RECUR),,dependencies swift-dependencies) $(BUILD)/engines/venv/installed
	@scripts/install-packages parallel slurm-wlm munge default-jre-headless

$(BUILD)/engines/venv/installed: Tests/distributed/requirements.txt
	@scripts/install-packages python3-venv
	python3 -m venv $(BUILD)/engines/venv
	$(BUILD)/engines/venv/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@
