# The share of small faults that the tests detect: Tests/mutation/mutation.py.
#
#   MUTATION_OPTIONS="…"   options of mutation.py instead of the whole campaign, e.g.
#                          MUTATION_OPTIONS="c --only CFiles/tensors.c --count 20"

MUTATION_OPTIONS ?=
MUTATION := $(BUILD)/mutation
MUTATE = PATH="$(CURDIR)/$(MUTATION)/venv/bin:$$PATH" python3 Tests/mutation/mutation.py --folder $(MUTATION)

.PHONY: mutation
mutation: dependencies swift-dependencies ## change 300 lines of C and 40 of Swift, and count the changes that tests detect: hours (MUTATION_OPTIONS=options)
	@scripts/install-packages python3-venv
	[ -x $(MUTATION)/venv/bin/mutate ] || { python3 -m venv $(MUTATION)/venv && \
	  $(MUTATION)/venv/bin/pip install --quiet universalmutator; }
ifneq ($(MUTATION_OPTIONS),)
	$(MUTATE) $(MUTATION_OPTIONS)
else
	$(MUTATE) c --count 300
	$(MUTATE) swift --count 40 --jobs 1
endif
