// A card on the CPU: kernels.cu as plain C++, and as much of NVIDIA's driver, NVRTC and cuBLAS as VertiGAN calls. For tests, not for speed.
//
// It is as strict as it can be. Work is done no sooner than somebody waits for it. A graph's nodes run in any order that their dependencies
// allow. Memory begins as NaNs and has NaNs around it, which must stay as they are.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <setjmp.h>
#include <string>
#include <ucontext.h>
#include <utility>
#include <vector>

// --- CUDA C++ ---------------------------------------------------------------------------------------------------------------------------

#define __global__
#define __device__ static
#define __shared__ static // blocks run one after another
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

struct Index {
    unsigned x, y, z;
};

struct alignas(16) float4 {
    float x, y, z, w;
};

static Index threadIdx, blockIdx, blockDim, gridDim;

static float4 make_float4(float x, float y, float z, float w) {
    return {x, y, z, w};
}

static int min(int a, int b) {
    return a < b ? a : b;
}

static int max(int a, int b) {
    return a > b ? a : b;
}

static unsigned __umulhi(unsigned a, unsigned b) {
    return (uint64_t) a * b >> 32;
}

static int __float_as_int(float value) {
    int bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static float __int_as_float(int bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static unsigned atomicInc(unsigned* at, unsigned most) {
    unsigned before = *at;
    *at = before >= most ? 0 : before + 1;
    return before;
}

static void __threadfence() {}

using std::isnan;

// --- Threads: one after another, each as far as the next barrier -------------------------------------------------------------------------

struct Fiber {
    ucontext_t begin;
    jmp_buf here;
    std::vector<char> stack = std::vector<char>(1 << 16);
    Index thread;
    bool waiting = false;
};

static const std::function<void()>* kernelBody;
static jmp_buf scheduler;
static Fiber* running;
static unsigned nextThread;

static void takeThreads() {
    Fiber* fiber = running;
    while (nextThread < blockDim.x * blockDim.y) {
        fiber->thread = {nextThread % blockDim.x, nextThread / blockDim.x, 0};
        nextThread++;
        threadIdx = fiber->thread;
        (*kernelBody)();
    }
    fiber->waiting = false;
    _longjmp(scheduler, 1);
}

static void __syncthreads() {
    Fiber* fiber = running;
    fiber->waiting = true;
    if (!_setjmp(fiber->here)) {
        _longjmp(scheduler, 1);
    }
    threadIdx = fiber->thread;
}

static void enter(Fiber* fiber, bool begins) {
    running = fiber;
    if (!_setjmp(scheduler)) {
        if (begins) {
            setcontext(&fiber->begin);
        } else {
            _longjmp(fiber->here, 1);
        }
    }
}

static void runBlock() {
    static std::vector<std::unique_ptr<Fiber>> fibers;
    static volatile size_t used;
    static volatile size_t resumed;
    nextThread = 0;
    used = 0;
    while (nextThread < blockDim.x * blockDim.y) {
        if (used == fibers.size()) {
            fibers.push_back(std::make_unique<Fiber>());
        }
        Fiber* fiber = fibers[used].get();
        getcontext(&fiber->begin);
        fiber->begin.uc_stack.ss_sp = fiber->stack.data();
        fiber->begin.uc_stack.ss_size = fiber->stack.size();
        fiber->begin.uc_link = nullptr;
        makecontext(&fiber->begin, takeThreads, 0);
        enter(fiber, true);
        used = used + (fibers[used]->waiting ? 1 : 0);
    }
    for (bool waits = used > 0; waits;) {
        waits = false;
        for (resumed = 0; resumed < used; resumed = resumed + 1) {
            if (fibers[resumed]->waiting) {
                enter(fibers[resumed].get(), false);
            }
        }
        for (size_t i = 0; i < used; i++) {
            waits |= fibers[i]->waiting;
        }
    }
}

// --- Kernels ----------------------------------------------------------------------------------------------------------------------------

#include "kernels.cu"

struct Kernel {
    std::string name;
    std::vector<size_t> sizes; // of the arguments
    std::function<void(uint64_t*)> call;
};

template <class... A, size_t... I>
static Kernel kernelOf(const char* name, void (*function)(A...), std::index_sequence<I...>) {
    return {name, {sizeof(A)...}, [function](uint64_t* arguments) { function(*(A*) &arguments[I]...); }};
}

template <class... A>
static Kernel kernelOf(const char* name, void (*function)(A...)) {
    return kernelOf(name, function, std::index_sequence_for<A...>());
}

static std::vector<Kernel>& kernels() {
    static std::vector<Kernel> all = {
#define EMULATED(name) kernelOf(#name, name),
#include "kernels.inc"
    };
    return all;
}

static void runKernel(const Kernel& kernel, Index grid, Index block, std::vector<uint64_t> arguments) {
    gridDim = grid;
    blockDim = block;
    std::function<void()> body = [&] { kernel.call(arguments.data()); };
    kernelBody = &body;
    for (unsigned y = 0; y < grid.y; y++) {
        for (unsigned x = 0; x < grid.x; x++) {
            blockIdx = {x, y, 0};
            runBlock();
        }
    }
}

// --- Memory -----------------------------------------------------------------------------------------------------------------------------

static const size_t MARGIN = 256;
static std::map<char*, size_t> allocations;

static bool intact(char* memory, size_t bytes) {
    for (size_t i = 0; i < MARGIN; i++) {
        if ((unsigned char) memory[-1 - (long) i] != 0xff || (unsigned char) memory[bytes + i] != 0xff) {
            return false;
        }
    }
    return true;
}

// --- Streams, events, graphs ------------------------------------------------------------------------------------------------------------

typedef std::function<void()> Work;

struct Node {
    Work work;
    const Kernel* kernel;
    std::vector<Node*> after;
};

struct Graph {
    std::vector<std::unique_ptr<Node>> nodes;
};

struct GraphExec {
    std::vector<Node*> nodes; // of the graph it was made from
    std::vector<Work> work;
    std::vector<std::vector<size_t>> after;
};

struct Stream {
    std::deque<Work> waiting;
    uint64_t done = 0;
    Graph* capturing = nullptr;
    std::vector<Node*> after;

    void ask(Work work, const Kernel* kernel = nullptr) {
        if (capturing) {
            capturing->nodes.push_back(std::unique_ptr<Node>(new Node{work, kernel, after}));
            after = {capturing->nodes.back().get()};
        } else {
            waiting.push_back(work);
        }
    }

    void until(uint64_t number) {
        while (done < number && !waiting.empty()) {
            Work work = waiting.front();
            waiting.pop_front();
            done++;
            work();
        }
    }
};

struct Event {
    Stream* stream = nullptr;
    uint64_t number = 0;
};

static std::vector<Stream*> streams;
static unsigned dice = 1;

// The last that may run goes first, or any.
static void runGraph(const std::vector<Work>& work, const std::vector<std::vector<size_t>>& after) {
    std::vector<bool> done(work.size());
    for (size_t rounds = 0; rounds < work.size(); rounds++) {
        std::vector<size_t> ready;
        for (size_t i = 0; i < work.size(); i++) {
            bool may = !done[i];
            for (size_t before : after[i]) {
                may = may && done[before];
            }
            if (may) {
                ready.push_back(i);
            }
        }
        dice = dice * 1664525u + 1013904223u;
        size_t chosen = dice >> 31 ? ready.back() : ready[(dice >> 8) % ready.size()];
        work[chosen]();
        done[chosen] = true;
    }
}

static Work kernelWork(const Kernel* kernel, Index grid, Index block, void** arguments) {
    std::vector<uint64_t> values;
    for (size_t i = 0; i < kernel->sizes.size(); i++) {
        uint64_t value = 0;
        memcpy(&value, arguments[i], kernel->sizes[i]);
        values.push_back(value);
    }
    return [=] { runKernel(*kernel, grid, block, values); };
}

static const int INVALID = 1;
static const int ILLEGAL_ADDRESS = 700;

static int synchronize(Stream* stream) {
    if (stream->capturing) {
        return INVALID;
    }
    stream->until(UINT64_MAX);
    for (auto& allocation : allocations) {
        if (!intact(allocation.first, allocation.second)) {
            return ILLEGAL_ADDRESS;
        }
    }
    return 0;
}

// Any thread may call.
static std::recursive_mutex one;
#define LOCK std::lock_guard<std::recursive_mutex> lock(one);

#define EXPORT extern "C" __attribute__((visibility("default"))) int

EXPORT cuGetErrorName(int error, const char** name) {
    *name = error == ILLEGAL_ADDRESS ? "CUDA_ERROR_ILLEGAL_ADDRESS" : "CUDA_ERROR_INVALID_VALUE";
    return 0;
}

EXPORT cuInit(int) { return 0; }
EXPORT cuDeviceGet(int* device, int) { *device = 0; return 0; }
EXPORT cuDeviceGetName(char* name, int length, int) { strncpy(name, "emulated card", length); return 0; }
EXPORT cuDeviceGetAttribute(int* value, int attribute, int) { *value = attribute == 75 ? 9 : 0; return 0; }
EXPORT cuDevicePrimaryCtxRetain(void** context, int) { *context = &streams; return 0; }
EXPORT cuCtxSetCurrent(void*) { return 0; }

EXPORT cuMemAlloc_v2(char** memory, size_t bytes) {
    LOCK
    char* all = (char*) malloc(bytes + 2 * MARGIN + 256);
    char* aligned = (char*) (((uintptr_t) all + MARGIN + 255) / 256 * 256);
    memset(all, 0xff, bytes + 2 * MARGIN + 256);
    allocations[aligned] = bytes;
    *memory = aligned;
    return 0;
}

// What is freed is kept, as NaNs: nobody may read or write it again.
EXPORT cuMemFree_v2(char* memory) {
    LOCK
    auto found = allocations.find(memory);
    if (found == allocations.end()) {
        return INVALID;
    }
    int result = 0;
    for (Stream* stream : streams) {
        result = result ? result : synchronize(stream);
    }
    memset(memory, 0xff, found->second);
    allocations.erase(found);
    return result;
}

EXPORT cuMemHostAlloc(void** memory, size_t bytes, int) { LOCK *memory = malloc(bytes); return 0; }
EXPORT cuMemFreeHost(void* memory) { LOCK free(memory); return 0; }

EXPORT cuMemcpyHtoDAsync_v2(char* to, const char* from, size_t bytes, Stream* stream) {
    LOCK
    stream->ask([=] { memcpy(to, from, bytes); });
    return 0;
}

EXPORT cuMemcpyDtoHAsync_v2(char* to, const char* from, size_t bytes, Stream* stream) {
    LOCK
    stream->ask([=] { memcpy(to, from, bytes); });
    return 0;
}

EXPORT cuStreamCreate(Stream** stream, int) { LOCK *stream = new Stream(); streams.push_back(*stream); return 0; }
EXPORT cuStreamCreateWithPriority(Stream** stream, int, int) { LOCK return cuStreamCreate(stream, 0); }
EXPORT cuStreamSynchronize(Stream* stream) { LOCK return synchronize(stream); }
EXPORT cuEventCreate(Event** event, int) { LOCK *event = new Event(); return 0; }
EXPORT cuEventDestroy_v2(Event*) { LOCK return 0; }
EXPORT cuEventRecord(Event* event, Stream* stream) { LOCK *event = {stream, stream->done + stream->waiting.size()}; return 0; }

EXPORT cuEventSynchronize(Event* event) {
    LOCK
    if (event->stream) {
        event->stream->until(event->number);
    }
    return 0;
}

EXPORT cuEventQuery(Event* event) { LOCK return event->stream && event->stream->done < event->number ? 600 : 0; }

EXPORT cuStreamWaitEvent(Stream* stream, Event* event, int) {
    LOCK
    Event then = *event;
    stream->ask([=] { then.stream->until(then.number); });
    return 0;
}

EXPORT cuModuleLoadData(void** module, const void*) { LOCK *module = &allocations; return 0; }

EXPORT cuModuleGetFunction(const Kernel** function, void*, const char* name) {
    LOCK
    for (auto& kernel : kernels()) {
        if (kernel.name == name) {
            *function = &kernel;
            return 0;
        }
    }
    return INVALID;
}

EXPORT cuFuncSetAttribute(const Kernel*, int, int) { LOCK return 0; }

EXPORT cuLaunchKernel(const Kernel* kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, Stream* stream,
        void** arguments, void**) {
    LOCK
    if (gx * gy * gz == 0 || gy > 65535 || bx * by * bz == 0 || bx * by * bz > 1024) {
        return INVALID;
    }
    stream->ask(kernelWork(kernel, {gx, gy, gz}, {bx, by, bz}, arguments), kernel);
    return 0;
}

EXPORT cuStreamBeginCapture_v2(Stream* stream, int) {
    LOCK
    stream->capturing = new Graph();
    stream->after.clear();
    return 0;
}

EXPORT cuStreamUpdateCaptureDependencies(Stream* stream, Node** nodes, size_t count, unsigned) {
    LOCK
    stream->after.assign(nodes, nodes + count);
    return stream->capturing ? 0 : INVALID;
}

EXPORT cuStreamGetCaptureInfo_v2(Stream* stream, int* status, uint64_t* id, Graph** graph, Node*** after, size_t* count) {
    LOCK
    *status = 1;
    *id = 1;
    *graph = stream->capturing;
    *after = stream->after.data();
    *count = stream->after.size();
    return 0;
}

EXPORT cuStreamEndCapture(Stream* stream, Graph** graph) {
    LOCK
    *graph = stream->capturing;
    stream->capturing = nullptr;
    return *graph ? 0 : INVALID;
}

EXPORT cuGraphInstantiateWithFlags(GraphExec** exec, Graph* graph, uint64_t) {
    LOCK
    auto* made = new GraphExec();
    std::map<Node*, size_t> numbers;
    for (auto& node : graph->nodes) {
        numbers[node.get()] = made->nodes.size();
        made->nodes.push_back(node.get());
        made->work.push_back(node->work);
        std::vector<size_t> after;
        for (Node* before : node->after) {
            after.push_back(numbers.at(before));
        }
        made->after.push_back(after);
    }
    *exec = made;
    return 0;
}

EXPORT cuGraphDestroy(Graph* graph) { LOCK delete graph; return 0; }
EXPORT cuGraphExecDestroy(GraphExec* exec) { LOCK delete exec; return 0; }

EXPORT cuGraphLaunch(GraphExec* exec, Stream* stream) {
    LOCK
    auto work = exec->work;
    auto after = exec->after;
    stream->ask([=] { runGraph(work, after); });
    return 0;
}

struct NodeParameters {
    const Kernel* kernel;
    Index grid, block;
    unsigned shared;
    void** arguments;
};

EXPORT cuGraphExecKernelNodeSetParams_v2(GraphExec* exec, Node* node, NodeParameters* parameters) {
    LOCK
    for (size_t i = 0; i < exec->nodes.size(); i++) {
        if (exec->nodes[i] == node && node->kernel == parameters->kernel) {
            exec->work[i] = kernelWork(parameters->kernel, parameters->grid, parameters->block, parameters->arguments);
            return 0;
        }
    }
    return INVALID;
}

// --- NVRTC: the kernels are in here already ---------------------------------------------------------------------------------------------

EXPORT nvrtcVersion(int* major, int* minor) { *major = 0; *minor = 0; return 0; }
EXPORT nvrtcCreateProgram(void** program, const char*, const char*, int, void*, void*) { *program = &dice; return 0; }
EXPORT nvrtcCompileProgram(void*, int, const char**) { return 0; }
EXPORT nvrtcGetNumSupportedArchs(int* count) { *count = 1; return 0; }
EXPORT nvrtcGetSupportedArchs(int* known) { *known = 90; return 0; }
EXPORT nvrtcGetCUBINSize(void*, size_t* size) { *size = 1; return 0; }
EXPORT nvrtcGetCUBIN(void*, char* code) { *code = 0; return 0; }
EXPORT nvrtcGetProgramLogSize(void*, size_t* size) { *size = 0; return 0; }
EXPORT nvrtcGetProgramLog(void*, char*) { return 0; }
EXPORT nvrtcDestroyProgram(void**) { return 0; }

// --- cuBLAS: matrices by columns --------------------------------------------------------------------------------------------------------

struct Blas {
    Stream* stream;
};

EXPORT cublasCreate_v2(Blas** blas) { *blas = new Blas(); return 0; }
EXPORT cublasDestroy_v2(Blas* blas) { delete blas; return 0; }
EXPORT cublasSetStream_v2(Blas* blas, Stream* stream) { blas->stream = stream; return 0; }
EXPORT cublasSetWorkspace_v2(Blas*, void*, size_t) { return 0; }

EXPORT cublasGemmEx(Blas* blas, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const float* a, int, int lda,
        const float* b, int, int ldb, const float* beta, float* c, int, int ldc, int, int) {
    LOCK
    float scale = *alpha;
    float kept = *beta;
    blas->stream->ask([=] {
        for (int column = 0; column < n; column++) {
            for (int row = 0; row < m; row++) {
                double sum = 0;
                for (int i = 0; i < k; i++) {
                    sum += (double) a[transposeA ? (long) row * lda + i : (long) i * lda + row]
                            * b[transposeB ? (long) i * ldb + column : (long) column * ldb + i];
                }
                float* at = c + (long) column * ldc + row;
                *at = scale * sum + (kept == 0 ? 0 : kept * *at);
            }
        }
    });
    return 0;
}
