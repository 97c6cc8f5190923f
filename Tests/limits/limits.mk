.PHONY: check-readers

check-readers: dependencies swift-dependencies ## measure the memory and time that crafted files take
	swift build -c release --product RecurCommand
	swift build -c release --product ReaderChild
	folder=$$(swift build -c release --show-bin-path) && \
	  Tests/limits/reader_limits.py "$$folder/RecurCommand" "$$folder/ReaderChild"
