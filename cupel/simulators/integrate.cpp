#include "cupel/simulators/integrate.hpp"

#include <cvode/cvode.h>
#include <fmt/format.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

struct Deleter {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
  void operator()(N_Vector vector) const { N_VDestroy(vector); }
  void operator()(SUNMatrix matrix) const { SUNMatDestroy(matrix); }
  void operator()(SUNLinearSolver solver) const { SUNLinSolFree(solver); }
  void operator()(void* memory) const { CVodeFree(&memory); }
};
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, Deleter>;
struct MemoryDeleter {
  void operator()(void* memory) const { CVodeFree(&memory); }
};

std::span<double> values(N_Vector vector) {
  return {N_VGetArrayPointer(vector), static_cast<std::size_t>(N_VGetLength(vector))};
}

int slope_of(double t, N_Vector y, N_Vector dydt, void* problem) {
  static_cast<const OdeProblem*>(problem)->slope(t, values(y), values(dydt));
  const auto all = values(dydt);
  // Positive: CVODE tries a smaller step.
  return std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); }) ? 0 : 1;
}

int guard_of(double t, N_Vector y, double* value, void* problem) {
  *value = static_cast<const OdeProblem*>(problem)->guard(t, values(y));
  return 0;
}

void must(int flag, const char* what) {
  if (flag < 0)
    throw Error(
        ErrorKind::runtime,
        fmt::format("the differential equations could not be solved ({}, code {})", what, flag),
        "choose settings nearer to the plant's usual range");
}

void no_message(int, const char*, const char*, char*, void*) {}

}  // namespace

OdeState integrate(const OdeProblem& problem, OdeState state, double end,
                   std::span<const double> times, std::vector<OdeState>* seen) {
  SUNContext raw = nullptr;
  must(SUNContext_Create(nullptr, &raw), "context");
  const Owned<SUNContext> context(raw);
  const auto count = static_cast<sunindextype>(state.y.size());
  const Owned<N_Vector> y(N_VMake_Serial(count, state.y.data(), raw));
  std::vector<double> tolerance = problem.absolute_tolerance;
  const Owned<N_Vector> absolute(N_VMake_Serial(count, tolerance.data(), raw));
  const std::unique_ptr<void, MemoryDeleter> memory(CVodeCreate(CV_BDF, raw));
  void* solver = memory.get();
  CVodeSetErrHandlerFn(solver, no_message, nullptr);
  must(CVodeInit(solver, slope_of, state.t, y.get()), "start");
  must(CVodeSVtolerances(solver, problem.relative_tolerance, absolute.get()), "tolerances");
  must(CVodeSetUserData(solver, const_cast<OdeProblem*>(&problem)), "problem");
  const Owned<SUNMatrix> matrix(SUNDenseMatrix(count, count, raw));
  const Owned<SUNLinearSolver> linear(SUNLinSol_Dense(y.get(), matrix.get(), raw));
  must(CVodeSetLinearSolver(solver, linear.get(), matrix.get()), "linear solver");
  must(CVodeSetMaxNumSteps(solver, 100'000), "steps");
  must(CVodeSetStopTime(solver, end), "end");
  if (problem.largest_step > 0) must(CVodeSetMaxStep(solver, problem.largest_step), "step");
  if (problem.guard) must(CVodeRootInit(solver, 1, guard_of), "guard");

  const auto advance = [&](double until) {
    const int flag = CVode(solver, until, y.get(), &state.t, CV_NORMAL);
    must(flag, "step");
    state.guarded = flag == CV_ROOT_RETURN;
  };
  for (const double time : times) {
    if (state.guarded) break;
    advance(time);
    if (seen) seen->push_back(state);
  }
  if (!state.guarded && state.t < end) advance(end);
  return state;
}

}  // namespace cupel
