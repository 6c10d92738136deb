# Every target does its own set-up: on a bare Debian or Ubuntu it installs what it needs.
# CMake presets do the real work (CMakePresets.json); this file only names the errands.
TEST_JOBS ?= 2
FUZZ_SECONDS ?= 60
CTEST := ctest --output-on-failure --parallel $(TEST_JOBS)
# ThreadSanitizer of older compilers cannot live with much address randomisation.
NO_ASLR := $(shell setarch $$(uname -m) -R true 2>/dev/null && echo setarch $$(uname -m) -R)

.PHONY: help build demo test bench format asan tsan fuzz clean

help:
	@echo 'make build    the program build/release/cupel'
	@echo 'make demo     builds, then goes from a CSV file to a model and a report in out/demo/'
	@echo 'make test     builds, then runs every test, the quick ones first'
	@echo 'make bench    measures speed against other programs and writes the pages in bench/'
	@echo 'make asan     quick tests with the address and undefined-behaviour sanitizers'
	@echo 'make tsan     quick tests with the thread sanitizer'
	@echo 'make fuzz     feeds every reader damaged files, FUZZ_SECONDS=$(FUZZ_SECONDS) each'
	@echo 'make format   clang-format on all sources'
	@echo 'make clean    removes build/ and out/'

build:
	@tools/setup.sh build
	@cmake --preset release -DCUPEL_TESTS=OFF
	@cmake --build --preset release --target cupel

demo:
	@tools/demo.sh

# The last lines printed are ctest's summary.
test:
	@tools/setup.sh build test
	@cmake --preset release -DCUPEL_TESTS=ON
	@cmake --build --preset release
	@$(CTEST) --test-dir build/release -L quick --stop-on-failure
	@$(CTEST) --test-dir build/release -LE quick

bench:
	@tools/bench.sh

asan tsan:
	@tools/setup.sh build test
	@cmake --preset $@
	@cmake --build --preset $@
	@$(NO_ASLR) $(CTEST) --test-dir build/$@ -L quick

fuzz:
	@tools/fuzz.sh $(FUZZ_SECONDS)

format:
	@tools/setup.sh format
	@git ls-files -z -- '*.cpp' '*.hpp' | xargs -0 clang-format-14 -i

clean:
	rm -rf build out
