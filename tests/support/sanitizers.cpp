// What sanitizers find in libraries that were built without them.

/// libxlsxwriter 1.1.4 forgets the formula of each list of words.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libxlsxwriter"; }

/// oneDNN hands primitives from thread to thread under locks of its own, which the sanitizer does
/// not see.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libdnnl\nrace:dnnl::";
}
