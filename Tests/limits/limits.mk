.PHONY: check-readers

check-readers: dependencies swift-dependencies ## measure the memory and time that crafted files take
	swift build -c release --product RecurCommand
	Tests/limits/reader_limits.py "$$(swift build -c release --show-bin-path)/RecurCommand"
