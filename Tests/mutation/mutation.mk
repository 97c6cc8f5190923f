# The share of small faults that the tests detect: Tests/mutation/mutation.py.

MUTATION := $(BUILD)/mutation
MUTATE = PATH="$(CURDIR)/$(MUTATION)/venv/bin:$$PATH" python3 Tests/mutation/mutation.py --folder $(MUTATION)

.PHONY: mutation
mutation: dependencies swift-dependencies ## change 300 lines of C and 40 of Swift, and count the changes that tests detect
	@scripts/install-packages python3-venv
	[ -x $(MUTATION)/venv/bin/mutate ] || { python3 -m venv $(MUTATION)/venv && \
	  $(MUTATION)/venv/bin/pip install --quiet universalmutator; }
	$(MUTATE) c --count 300
	$(MUTATE) swift --count 40 --jobs 1
