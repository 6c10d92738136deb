// Loss and gradient, and 300 iterations of three optimizers, on three shapes and with every
// kernel set of this processor, beside the same network in plain Eigen (twin). One thread,
// times are CPU seconds of the thread, medians; the contestants take turns, run by run.
// Prints one JSON object.
//   bench_training             measure
//   bench_training --data DIR  write the data of every shape to DIR/SHAPE_{inputs,targets}.csv
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bench/training/eigen_twin.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/json.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/training/train.hpp"

namespace {

using namespace cupel;
using enum Activation;

constexpr int kIterations = 300, kRepeats = 7;

struct Shape {
  std::string name;
  int rows;
  Topology topology;
};

std::vector<Shape> shapes() {
  return {{"a", 60, {3, {{5, tanh}, {1, linear}}}},
          {"b", 152, {6, {{12, tanh}, {17, logistic}, {5, linear}}}},
          {"c", 2946, {14, {{15, tanh}, {1, linear}}}}};
}

struct Data {
  Matrix inputs, targets;
};

/// Standard normal inputs; smooth targets of mean about 0 and deviation about 1, with noise.
Data make_data(const Shape& shape) {
  Rng rng(42);
  Data data{Matrix(shape.rows, shape.topology.inputs),
            Matrix(shape.rows, shape.topology.outputs())};
  for (int r = 0; r < shape.rows; ++r) {
    for (int i = 0; i < data.inputs.cols(); ++i) data.inputs(r, i) = rng.normal();
    for (int o = 0; o < data.targets.cols(); ++o) {
      double y = 0.1 * rng.normal();
      for (int i = 0; i < data.inputs.cols(); ++i)
        y += std::sin(data.inputs(r, i) * (1 + 0.3 * o) + i) * (i % 3 == o % 3 ? 1 : 0.3);
      y += 0.5 * data.inputs(r, 0) * data.inputs(r, data.inputs.cols() - 1);
      data.targets(r, o) = y;
    }
  }
  for (int o = 0; o < data.targets.cols(); ++o) {
    data.targets.col(o).array() -= data.targets.col(o).mean();
    data.targets.col(o) /= data.targets.col(o).norm() / std::sqrt(shape.rows);
  }
  return data;
}

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Contestant {
  std::string name;
  std::function<void()> run;
  std::vector<double> seconds{};
};

/// Median CPU seconds of one call of each; a sample lasts at least 5 ms.
Json take_turns(std::vector<Contestant> contestants) {
  std::vector<int> calls;
  for (Contestant& one : contestants) {
    one.run();
    const double start = cpu_seconds();
    one.run();
    calls.push_back(static_cast<int>(std::ceil(5e-3 / std::max(cpu_seconds() - start, 1e-8))));
  }
  for (int repeat = 0; repeat < kRepeats; ++repeat)
    for (std::size_t k = 0; k < contestants.size(); ++k) {
      const double start = cpu_seconds();
      for (int call = 0; call < calls[k]; ++call) contestants[k].run();
      contestants[k].seconds.push_back((cpu_seconds() - start) / calls[k]);
    }
  Json result;
  for (const Contestant& one : contestants) result[one.name] = median(one.seconds);
  return result;
}

std::vector<const Kernels*> kernel_sets() {
  std::vector<const Kernels*> sets;
  for (const char* name : {"v4", "v3", "portable"}) {
    try {
      sets.push_back(&select_kernels(name));
    } catch (const Error&) {  // this processor lacks it: the page shows that by its absence
    }
  }
  return sets;
}

class Twin {
 public:
  Twin(const Shape& shape, const Data& data) {
    std::vector<bench::TwinLayer> layers;
    int inputs = shape.topology.inputs;
    for (std::size_t l = 0; l < shape.topology.layers.size(); ++l) {
      const Layer& layer = shape.topology.layers[l];
      const int activation = layer.activation == tanh ? 1 : layer.activation == logistic ? 2 : 0;
      layers.push_back(
          {inputs, layer.units, layer_offset(shape.topology, static_cast<int>(l)), activation});
      inputs = layer.units;
    }
    state_.reset(bench::make_twin(layers.data(), static_cast<int>(layers.size()), shape.rows,
                                  shape.topology.outputs(), data.inputs.data(),
                                  data.targets.data()));
  }
  double loss_gradient(const Vector& parameters, Vector& gradient) {
    return bench::twin_loss_gradient(*state_, parameters.data(), gradient.data());
  }

 private:
  struct Drop {
    void operator()(bench::TwinState* state) const { bench::drop_twin(state); }
  };
  std::unique_ptr<bench::TwinState, Drop> state_;
};

Vector start_of(const Shape& shape) {
  Rng rng(1);
  Vector parameters(parameter_count(shape.topology));
  for (double& p : parameters) p = rng.uniform(-0.5, 0.5);
  return parameters;
}

Json time_gradients(const Shape& shape, const Data& data) {
  const PackedSamples samples(data.inputs, data.targets);
  const Vector parameters = start_of(shape);
  Vector gradient(parameters.size());
  std::vector<Contestant> contestants;
  for (const Kernels* set : kernel_sets()) {
    auto evaluator = std::make_shared<MlpEvaluator>(shape.topology, *set);
    contestants.push_back({std::string(set->name), [&, evaluator] {
                             evaluator->loss_gradient(parameters, samples, {}, gradient);
                           }});
  }
  auto twin = std::make_shared<Twin>(shape, data);
  contestants.push_back({"eigen", [&, twin] { twin->loss_gradient(parameters, gradient); }});
  return take_turns(std::move(contestants));
}

/// The largest difference of the twin's gradient from the kernels': that both do the same job.
double twin_difference(const Shape& shape, const Data& data) {
  MlpEvaluator evaluator(shape.topology);
  const Vector parameters = start_of(shape);
  Vector ours(parameters.size()), twins(parameters.size());
  evaluator.loss_gradient(parameters, PackedSamples(data.inputs, data.targets), {}, ours);
  Twin(shape, data).loss_gradient(parameters, twins);
  return (ours - twins).lpNorm<Eigen::Infinity>();
}

struct Method {
  std::string name;
  DescentResult (*run)(const Objective&, Vector, const DescentOptions&, const Kernels&);
  int memory;
};

/// Seconds of 300 iterations by each kernel set and on the twin's gradient, and what came out.
Json time_trainings(const Shape& shape, const Data& data, const Method& method) {
  const PackedSamples samples(data.inputs, data.targets);
  const DescentOptions options{
      .max_iterations = kIterations, .gradient_tolerance = 0, .memory = method.memory};
  std::vector<Contestant> contestants;
  DescentResult ours, twins;
  for (const Kernels* set : kernel_sets()) {
    auto evaluator = std::make_shared<MlpEvaluator>(shape.topology, *set);
    contestants.push_back({std::string(set->name), [&, evaluator, set] {
                             ours = method.run(
                                 [&](const Vector& x, Vector& g) {
                                   return evaluator->loss_gradient(x, samples, {}, g);
                                 },
                                 start_of(shape), options, *set);
                           }});
  }
  auto twin = std::make_shared<Twin>(shape, data);
  contestants.push_back(
      {"eigen", [&, twin] {
         twins = method.run([&](const Vector& x, Vector& g) { return twin->loss_gradient(x, g); },
                            start_of(shape), options, select_kernels("auto"));
       }});
  Json result = take_turns(std::move(contestants));
  result["iterations"] = ours.iterations;
  result["evaluations"] = ours.evaluations;
  result["loss"] = ours.value;
  result["eigen_evaluations"] = twins.evaluations;
  result["eigen_loss"] = twins.value;
  return result;
}

void write_csv(const std::string& path, const Matrix& values) {
  std::ofstream file(path);
  for (int r = 0; r < values.rows(); ++r)
    for (int c = 0; c < values.cols(); ++c)
      file << fmt::format("{}{}", values(r, c), c + 1 < values.cols() ? ',' : '\n');
  if (!file.flush()) throw Error(ErrorKind::runtime, "cannot write " + path);
}

Json measure() {
  Json all;
  for (const Shape& shape : shapes()) {
    const Data data = make_data(shape);
    Json& one = all[shape.name];
    one["network"] = topology_text(shape.topology);
    one["rows"] = shape.rows;
    one["parameters"] = parameter_count(shape.topology);
    one["twin_difference"] = twin_difference(shape, data);
    one["gradient_s"] = time_gradients(shape, data);
    for (const Method& method :
         {Method{"lbfgs10", lbfgs, 10}, Method{"lbfgs30", lbfgs, 30}, Method{"bfgs", bfgs, 1}})
      one[method.name] = time_trainings(shape, data, method);
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 3 && std::string(argv[1]) == "--data") {
    for (const Shape& shape : shapes()) {
      const Data data = make_data(shape);
      write_csv(fmt::format("{}/{}_inputs.csv", argv[2], shape.name), data.inputs);
      write_csv(fmt::format("{}/{}_targets.csv", argv[2], shape.name), data.targets);
    }
    return 0;
  }
  std::puts(dump_json(measure()).c_str());
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_training: %s\n", error.what());
  return 1;
}
