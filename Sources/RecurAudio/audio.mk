# Recordings, which need libsndfile: see Sources/RecurAudio/. AUDIO=0 builds the command without it.

AUDIO ?= 1
TRAITS = $(if $(filter 0,$(AUDIO)),--disable-default-traits)

.PHONY: audio-dependencies check-recordings

audio-dependencies:
	@$(if $(filter 0,$(AUDIO)),,scripts/install-packages libsndfile1-dev)

check-recordings: dependencies swift-dependencies test-dependencies ## build and run the examples with recordings
	Tests/recordings/run.sh
