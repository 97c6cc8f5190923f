# Failures that tests cannot wait for: see Tests/torture/README.md.
#
#   TORTURE="…"   options and groups, e.g. TORTURE="failures --only train-text/write"

TORTURE ?=

.PHONY: torture torture-quick torture-programs

# The limit of 64 KiB is also the size of the stacks of the library's threads.
torture: torture-programs ## fail every call, fill disks, kill and damage: about 10 minutes (TORTURE=options)
	ulimit -s 64 && $(BUILD)/scenarios && $(BUILD)/scenarios_float
	$(TORTURE_COMMANDS) $(TORTURE)

torture-quick: torture-programs ## a sample of make torture: about 2 minutes
	ulimit -s 64 && $(BUILD)/scenarios 3 && $(BUILD)/scenarios_float 3
	$(TORTURE_COMMANDS) --quick $(TORTURE)

TORTURE_COMMANDS = python3 Tests/torture/torture.py --library $(BUILD)/libfail_nth.so \
  --command "$$(swift build -c release --show-bin-path)/RecurCommand"

torture-programs: dependencies swift-dependencies $(BUILD)/scenarios $(BUILD)/scenarios_float
	swift build -c release --product RecurCommand
	swift build -c release --product ReaderChild

$(BUILD)/libfail_nth.so: Tests/torture/fail_nth.c Tests/torture/fail_nth.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(WARNINGS) $(CFLAGS) -fPIC -shared $< -o $@

$(BUILD)/scenarios $(BUILD)/scenarios_float: Tests/torture/scenarios.c $(wildcard Tests/c/support/*.h) \
    $(BUILD)/libfail_nth.so $(BUILD)/librecur.a
	$(COMPILE) $(if $(findstring _float,$@),-DRK_FLOAT) -ITests/c -ITests/torture $< \
	  $(BUILD)/librecur.a -L$(@D) -lfail_nth -Wl,-rpath,'$$ORIGIN' $(LIBRARIES) -o $@
