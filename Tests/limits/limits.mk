# The memory and time that crafted files take: Tests/limits/reader_limits.py.
#
#   READERS="…"   options, e.g. READERS="--list --only onnx"

READERS ?=

.PHONY: check-readers

check-readers: dependencies swift-dependencies ## measure the memory and time that crafted files take: about 2 minutes (READERS=options)
	swift build -c release --product RecurCommand
	swift build -c release --product ReaderChild
	folder=$$(swift build -c release --show-bin-path) && \
	  Tests/limits/reader_limits.py $(READERS) "$$folder/RecurCommand" "$$folder/ReaderChild"
