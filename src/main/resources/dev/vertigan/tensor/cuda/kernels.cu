// What CudaKernels runs on the device, all but matrix products. Compiled by NVRTC when they start, for the card that is there, and without
// contracting a * b + c: the random numbers need every operation rounded as it is written.
//
// Elementwise kernels take any number of threads. Sums are cut in a way that depends on their shape alone and added up in a fixed order,
// so that results are the same bits each time. A tensor has fewer than 2^31 elements.

typedef long long i64;
typedef unsigned int u32;

#define KERNEL extern "C" __global__ void
#define EACH(i, count) for (u32 i = blockIdx.x * blockDim.x + threadIdx.x; i < (count); i += gridDim.x * blockDim.x)

// --- A few neighbouring values of a thread's own ---------------------------------------------------------------------------------------

template <int V>
struct Lanes {
    float of[V];
};

__device__ Lanes<1> load(const float* at, Lanes<1>) {
    return {*at};
}

__device__ Lanes<4> load(const float* at, Lanes<4>) {
    float4 four = *(const float4*) at;
    return {four.x, four.y, four.z, four.w};
}

template <int V>
__device__ Lanes<V> load(const float* at) {
    return load(at, Lanes<V>());
}

__device__ void store(float* at, Lanes<1> value) {
    *at = value.of[0];
}

__device__ void store(float* at, Lanes<4> value) {
    *(float4*) at = make_float4(value.of[0], value.of[1], value.of[2], value.of[3]);
}

// [rows, channels] by columns: a thread keeps to its V neighbouring channels, so that what belongs to a channel is read once, and takes every
// so many rows, four of them at once, so that it waits for the memory once and not four times. The grid is CudaColumns'.
#define LANE(V) ((blockIdx.x * blockDim.x + threadIdx.x) * V)
#define ROWS(first, rows) for (int first = blockIdx.y * blockDim.y + threadIdx.y; first < (rows); first += 4 * gridDim.y * blockDim.y)
#define EACH_OF_FOUR(i, row, first, rows) \
    _Pragma("unroll") for (int i = 0; i < 4; i++) \
        if (int row = first + i * gridDim.y * blockDim.y; row < (rows))

// Four channels a thread where they come in fours.
#define BY_COLUMNS(function, channels, ...) \
    if ((channels) % 4 == 0) { \
        function<4>(__VA_ARGS__); \
    } else { \
        function<1>(__VA_ARGS__); \
    }

// --- Activations: Activation.Kind in its order -----------------------------------------------------------------------------------------

__device__ float activated(float x, int kind, float slope) {
    switch (kind) {
        case 1: return x <= 0 ? 0 : x; // a NaN stays
        case 2: return x <= 0 ? x * slope : x;
        case 3: return tanhf(x);
        case 4: return 1 / (1 + expf(-x));
        default: return x;
    }
}

__device__ float derived(float y, float dy, int kind, float slope) {
    switch (kind) {
        case 1: return y <= 0 ? 0 : dy;
        case 2: return y <= 0 ? dy * slope : dy;
        case 3: return dy * (1 - y * y);
        case 4: return dy * y * (1 - y);
        default: return dy;
    }
}

template <int V>
__device__ void biasActivateColumns(int rows, int channels, float* __restrict__ x, const float* __restrict__ bias, int kind, float slope) {
    int channel = LANE(V);
    if (channel < channels) {
        Lanes<V> b = load<V>(bias + channel);
        ROWS(first, rows) {
            Lanes<V> values[4];
            EACH_OF_FOUR(i, row, first, rows) {
                values[i] = load<V>(x + (u32) row * channels + channel);
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    values[i].of[v] = activated(values[i].of[v] + b.of[v], kind, slope);
                }
                store(x + (u32) row * channels + channel, values[i]);
            }
        }
    }
}

KERNEL biasActivate(int rows, int channels, float* x, const float* bias, int kind, float slope) {
    BY_COLUMNS(biasActivateColumns, channels, rows, channels, x, bias, kind, slope)
}

KERNEL activateBackward(u32 count, const float* y, float* dy, int kind, float slope) {
    EACH(i, count) {
        dy[i] = derived(y[i], dy[i], kind, slope);
    }
}

// --- Small matrix products ---------------------------------------------------------------------------------------------------------------

#define TILE 32
#define PITCH 36 // of a tile's rows in shared memory
#define GROUPS 4

// Four neighbours in a row of a matrix, zeros beyond its edges. `fours`: whether rows of memory come in whole fours.
__device__ Lanes<4> neighbours(const float* matrix, int row, int column, int rows, int columns, bool fours) {
    Lanes<4> values = {};
    if (row < rows && column < columns) {
        const float* at = matrix + (u32) row * columns + column;
        if (fours) {
            return load<4>(at);
        }
        for (int i = 0; i < 4 && column + i < columns; i++) {
            values.of[i] = at[i];
        }
    }
    return values;
}

__device__ bool wholeFours(const float* matrix, int columns) {
    return columns % 4 == 0 && (size_t) matrix % 16 == 0;
}

// c[m, n] = op(a)[m, k] op(b)[k, n], added to it if asked, then a bias and an activation if there are any; `transposed`: 1 = a, 2 = b. For those
// that are too small to be worth a library's kernel and another for the bias.
//
// A block makes 32 x 32 of c, 32 terms at a time: its four groups of 64 threads take eight of them each, and are added up in their order.
KERNEL product(int m, int n, int k, int transposed, const float* a, const float* b, float* c, int accumulate, const float* bias, int kind,
        float slope) {
    __shared__ __align__(16) float memory[GROUPS * TILE * TILE];
    float* tileA = memory; // [term, row]
    float* tileB = memory + TILE * PITCH; // [term, column]
    int thread = threadIdx.x;
    int outer = thread / 8; // where this thread reads in a tile
    int inner = thread % 8 * 4;
    int group = thread / 64;
    int row = thread % 64 / 8 * 4; // what it computes, 4 x 4
    int column = thread % 8 * 4;
    int firstRow = blockIdx.y * TILE;
    int firstColumn = blockIdx.x * TILE;
    bool transposeA = transposed & 1;
    bool transposeB = transposed & 2;
    bool foursA = wholeFours(a, transposeA ? m : k);
    bool foursB = wholeFours(b, transposeB ? k : n);
    float sums[4][4] = {};
    Lanes<4> nextA;
    Lanes<4> nextB;
    for (int first = -TILE; first < k; first += TILE) {
        if (first >= 0) {
            for (int i = 0; i < 4; i++) {
                tileA[transposeA ? outer * PITCH + inner + i : (inner + i) * PITCH + outer] = nextA.of[i];
                tileB[transposeB ? (inner + i) * PITCH + outer : outer * PITCH + inner + i] = nextB.of[i];
            }
        }
        __syncthreads();
        int next = first + TILE;
        if (next < k) {
            nextA = transposeA ? neighbours(a, next + outer, firstRow + inner, k, m, foursA)
                    : neighbours(a, firstRow + outer, next + inner, m, k, foursA);
            nextB = transposeB ? neighbours(b, firstColumn + outer, next + inner, n, k, foursB)
                    : neighbours(b, next + outer, firstColumn + inner, k, n, foursB);
        }
        if (first >= 0) {
#pragma unroll
            for (int term = 0; term < TILE / GROUPS; term++) {
                Lanes<4> x = load<4>(tileA + (group * (TILE / GROUPS) + term) * PITCH + row);
                Lanes<4> y = load<4>(tileB + (group * (TILE / GROUPS) + term) * PITCH + column);
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        sums[i][j] = fmaf(x.of[i], y.of[j], sums[i][j]);
                    }
                }
            }
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++) {
        store(memory + (group * TILE + row + i) * TILE + column, Lanes<4>{sums[i][0], sums[i][1], sums[i][2], sums[i][3]});
    }
    __syncthreads();
    if (firstRow + outer < m) {
        Lanes<4> sum = load<4>(memory + outer * TILE + inner);
        for (int other = 1; other < GROUPS; other++) {
            Lanes<4> more = load<4>(memory + (other * TILE + outer) * TILE + inner);
            for (int i = 0; i < 4; i++) {
                sum.of[i] += more.of[i];
            }
        }
        float* at = c + (u32) (firstRow + outer) * n + firstColumn + inner;
        for (int i = 0; i < 4 && firstColumn + inner + i < n; i++) {
            float value = accumulate ? at[i] + sum.of[i] : sum.of[i];
            at[i] = activated(bias ? value + bias[firstColumn + inner + i] : value, kind, slope);
        }
    }
}

// --- Sums over the rows of [rows, channels] --------------------------------------------------------------------------------------------

#define THREADS 512 // at most in a block that sums
#define MOST_LANES 4

// Whether this block is the last of some to come here; then it sees what the others left. The ticket is zero before and after.
__device__ bool lastOf(u32 blocks, u32* ticket) {
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0 && threadIdx.y == 0) {
        last = atomicInc(ticket, blocks - 1) == blocks - 1;
    }
    __syncthreads();
    __threadfence();
    return last;
}

__device__ bool lastOfColumn(u32* tickets) {
    return lastOf(gridDim.y, tickets + blockIdx.x);
}

// What thread `from` of the block has, to those that ask; all must call it.
template <int V>
__device__ Lanes<V> handed(Lanes<V> mine, bool give, bool take, u32 from) {
    __shared__ float between[MOST_LANES][THREADS];
    u32 thread = threadIdx.y * blockDim.x + threadIdx.x;
    if (give) {
        for (int v = 0; v < V; v++) {
            between[v][thread] = mine.of[v];
        }
    }
    __syncthreads();
    if (take) {
        for (int v = 0; v < V; v++) {
            mine.of[v] = between[v][from];
        }
    }
    __syncthreads();
    return mine;
}

// Adds up over a block's rows of threads, which are a power of two; the first row has the sum.
template <int V>
__device__ Lanes<V> sumOfBlock(Lanes<V> sum) {
    for (u32 half = blockDim.y / 2; half > 0; half /= 2) {
        bool takes = threadIdx.y < half;
        Lanes<V> other = handed(sum, threadIdx.y >= half && threadIdx.y < 2 * half, takes,
                (threadIdx.y + half) * blockDim.x + threadIdx.x);
        for (int v = 0; takes && v < V; v++) {
            sum.of[v] += other.of[v];
        }
    }
    return sum;
}

// The sum over all shares of the rows, in the last block of each column: true there, for its first row of threads, and `sum` is whole.
// `partial[shares, channels]`. All of a block must call it.
template <int V>
__device__ Lanes<V> sumOfShares(int channels, const float* partial) {
    int channel = LANE(V);
    Lanes<V> sum = {};
    if (channel < channels) {
#pragma unroll 4
        for (u32 share = threadIdx.y; share < gridDim.y; share += blockDim.y) {
            Lanes<V> part = load<V>(partial + share * channels + channel);
            for (int v = 0; v < V; v++) {
                sum.of[v] += part.of[v];
            }
        }
    }
    return sumOfBlock(sum);
}

template <int V>
__device__ void put(float* at, Lanes<V> sum, int accumulate) {
    if (accumulate) {
        Lanes<V> before = load<V>(at);
        for (int v = 0; v < V; v++) {
            sum.of[v] = before.of[v] + sum.of[v];
        }
    }
    store(at, sum);
}

template <int V>
__device__ void activateBackwardBiasColumns(int rows, int channels, const float* __restrict__ y, float* __restrict__ dy, int kind, float slope, float* __restrict__ dbias,
        int accumulate, float* __restrict__ partial, u32* tickets) {
    int channel = LANE(V);
    Lanes<V> sum = {};
    if (channel < channels) {
        ROWS(first, rows) {
            Lanes<V> d[4];
            Lanes<V> values[4] = {};
            EACH_OF_FOUR(i, row, first, rows) {
                u32 at = (u32) row * channels + channel;
                d[i] = load<V>(dy + at);
                if (kind) {
                    values[i] = load<V>(y + at);
                }
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    d[i].of[v] = derived(values[i].of[v], d[i].of[v], kind, slope);
                    sum.of[v] += d[i].of[v];
                }
                if (kind) {
                    store(dy + (u32) row * channels + channel, d[i]);
                }
            }
        }
    }
    sum = sumOfBlock(sum);
    bool mine = threadIdx.y == 0 && channel < channels;
    if (gridDim.y > 1) {
        if (mine) {
            store(partial + blockIdx.y * channels + channel, sum);
        }
        if (!lastOfColumn(tickets)) {
            return;
        }
        sum = sumOfShares<V>(channels, partial);
    }
    if (mine) {
        put(dbias + channel, sum, accumulate);
    }
}

// `dy` times the activation's slope, in place, and `dbias` = its sums, added to it if `accumulate`. A linear one has no `y`.
KERNEL activateBackwardBias(int rows, int channels, const float* y, float* dy, int kind, float slope, float* dbias, int accumulate,
        float* partial, u32* tickets) {
    BY_COLUMNS(activateBackwardBiasColumns, channels, rows, channels, y, dy, kind, slope, dbias, accumulate, partial, tickets)
}

// --- Maxout ----------------------------------------------------------------------------------------------------------------------------

KERNEL maxout(u32 count, u32 units, u32 pieces, const float* z, const float* bias, float* y, float* winner) {
    EACH(i, count) {
        u32 unit = i % units;
        float best = z[i * pieces] + bias[unit * pieces];
        u32 won = 0;
        for (u32 piece = 1; piece < pieces; piece++) {
            float value = z[i * pieces + piece] + bias[unit * pieces + piece];
            if (!(value <= best || isnan(best))) { // a NaN wins against all but an earlier NaN
                best = value;
                won = piece;
            }
        }
        y[i] = best;
        winner[i] = won;
    }
}

KERNEL maxoutBackward(u32 count, u32 pieces, const float* dy, const float* winner, float* dz) {
    EACH(i, count) {
        u32 unit = i / pieces;
        dz[i] = winner[unit] == i % pieces ? dy[unit] : 0;
    }
}

KERNEL maxoutTangent(u32 count, u32 pieces, const float* z, const float* winner, float* y) {
    EACH(i, count) {
        y[i] = z[i * pieces + (u32) winner[i]];
    }
}

// --- Batch norm ------------------------------------------------------------------------------------------------------------------------

// Of some values: how many, their mean and the sum of their squared deviations from it.
template <int V>
struct Moments {
    Lanes<V> count;
    Lanes<V> mean;
    Lanes<V> squares;
};

// Both together (Chan et al. 1979).
template <int V>
__device__ Moments<V> together(Moments<V> a, Moments<V> b) {
    for (int v = 0; v < V; v++) {
        float count = a.count.of[v] + b.count.of[v];
        if (b.count.of[v] > 0) {
            float share = b.count.of[v] / count;
            float apart = b.mean.of[v] - a.mean.of[v];
            a.mean.of[v] += apart * share;
            a.squares.of[v] += b.squares.of[v] + apart * apart * (a.count.of[v] * share);
            a.count.of[v] = count;
        }
    }
    return a;
}

template <int V>
__device__ Moments<V> momentsOfBlock(Moments<V> all) {
    for (u32 half = blockDim.y / 2; half > 0; half /= 2) {
        bool gives = threadIdx.y >= half && threadIdx.y < 2 * half;
        bool takes = threadIdx.y < half;
        u32 from = (threadIdx.y + half) * blockDim.x + threadIdx.x;
        Moments<V> other = {handed(all.count, gives, takes, from), handed(all.mean, gives, takes, from),
                handed(all.squares, gives, takes, from)};
        if (takes) {
            all = together(all, other);
        }
    }
    return all;
}

// In one pass: a thread sums deviations from the first value that it sees.
template <int V>
__device__ void batchStatisticsColumns(int rows, int channels, const float* __restrict__ x, float* __restrict__ mean, float* __restrict__ variance, float* __restrict__ partial, u32* tickets) {
    int channel = LANE(V);
    int own = blockIdx.y * blockDim.y + threadIdx.y;
    Moments<V> all = {};
    if (channel < channels && own < rows) {
        Lanes<V> pivot = load<V>(x + (u32) own * channels + channel);
        Lanes<V> sum = {};
        Lanes<V> squares = {};
        float count = 0;
        ROWS(first, rows) {
            Lanes<V> values[4];
            EACH_OF_FOUR(i, row, first, rows) {
                values[i] = load<V>(x + (u32) row * channels + channel);
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    float apart = values[i].of[v] - pivot.of[v];
                    sum.of[v] += apart;
                    squares.of[v] = fmaf(apart, apart, squares.of[v]);
                }
                count += 1;
            }
        }
        for (int v = 0; v < V; v++) {
            float apart = sum.of[v] / count;
            all.count.of[v] = count;
            all.mean.of[v] = pivot.of[v] + apart;
            all.squares.of[v] = fmaxf(squares.of[v] - sum.of[v] * apart, 0) + 0 * squares.of[v]; // a NaN stays
        }
    }
    all = momentsOfBlock(all);
    bool mine = threadIdx.y == 0 && channel < channels;
    if (gridDim.y > 1) {
        float* parts[] = {partial, partial + gridDim.y * channels, partial + 2 * gridDim.y * channels};
        if (mine) {
            u32 at = blockIdx.y * channels + channel;
            store(parts[0] + at, all.count);
            store(parts[1] + at, all.mean);
            store(parts[2] + at, all.squares);
        }
        if (!lastOfColumn(tickets)) {
            return;
        }
        all = {};
        if (channel < channels) {
#pragma unroll 4
            for (u32 share = threadIdx.y; share < gridDim.y; share += blockDim.y) {
                u32 at = share * channels + channel;
                all = together(all, {load<V>(parts[0] + at), load<V>(parts[1] + at), load<V>(parts[2] + at)});
            }
        }
        all = momentsOfBlock(all);
    }
    if (mine) {
        for (int v = 0; v < V; v++) {
            all.squares.of[v] /= rows;
        }
        store(mean + channel, all.mean);
        store(variance + channel, all.squares);
    }
}

KERNEL batchStatistics(int rows, int channels, const float* x, float* mean, float* variance, float* partial, u32* tickets) {
    BY_COLUMNS(batchStatisticsColumns, channels, rows, channels, x, mean, variance, partial, tickets)
}

template <int V>
__device__ void normaliseColumns(int rows, int channels, const float* __restrict__ x, const float* __restrict__ gamma, const float* __restrict__ beta, float epsilon, int kind,
        float slope, const float* __restrict__ mean, const float* __restrict__ variance, float* __restrict__ y) {
    int channel = LANE(V);
    if (channel < channels) {
        Lanes<V> m = load<V>(mean + channel);
        Lanes<V> scale = load<V>(gamma + channel);
        Lanes<V> b = load<V>(beta + channel);
        Lanes<V> s = load<V>(variance + channel);
        for (int v = 0; v < V; v++) {
            scale.of[v] /= sqrtf(s.of[v] + epsilon);
        }
        ROWS(first, rows) {
            Lanes<V> values[4];
            EACH_OF_FOUR(i, row, first, rows) {
                values[i] = load<V>(x + (u32) row * channels + channel);
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    values[i].of[v] = activated((values[i].of[v] - m.of[v]) * scale.of[v] + b.of[v], kind, slope);
                }
                store(y + (u32) row * channels + channel, values[i]);
            }
        }
    }
}

KERNEL normalise(int rows, int channels, const float* x, const float* gamma, const float* beta, float epsilon, int kind, float slope,
        const float* mean, const float* variance, float* y) {
    BY_COLUMNS(normaliseColumns, channels, rows, channels, x, gamma, beta, epsilon, kind, slope, mean, variance, y)
}

template <int V>
__device__ void normaliseSumsColumns(int rows, int channels, const float* __restrict__ x, const float* __restrict__ y, float* __restrict__ dy, float epsilon, int kind, float slope,
        const float* __restrict__ mean, const float* __restrict__ variance, float* __restrict__ dgamma, float* __restrict__ dbeta, int accumulate, float* __restrict__ means, float* __restrict__ partial, u32* tickets) {
    int channel = LANE(V);
    Lanes<V> gradients = {};
    Lanes<V> products = {};
    if (channel < channels) {
        Lanes<V> m = load<V>(mean + channel);
        Lanes<V> scale = load<V>(variance + channel);
        for (int v = 0; v < V; v++) {
            scale.of[v] = 1 / sqrtf(scale.of[v] + epsilon);
        }
        ROWS(first, rows) {
            Lanes<V> values[4];
            Lanes<V> d[4];
            Lanes<V> outs[4] = {};
            EACH_OF_FOUR(i, row, first, rows) {
                u32 at = (u32) row * channels + channel;
                values[i] = load<V>(x + at);
                d[i] = load<V>(dy + at);
                if (kind) {
                    outs[i] = load<V>(y + at);
                }
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    d[i].of[v] = derived(outs[i].of[v], d[i].of[v], kind, slope);
                    gradients.of[v] += d[i].of[v];
                    products.of[v] += d[i].of[v] * ((values[i].of[v] - m.of[v]) * scale.of[v]);
                }
                if (kind) {
                    store(dy + (u32) row * channels + channel, d[i]);
                }
            }
        }
    }
    gradients = sumOfBlock(gradients);
    products = sumOfBlock(products);
    bool mine = threadIdx.y == 0 && channel < channels;
    if (gridDim.y > 1) {
        float* others = partial + gridDim.y * channels;
        if (mine) {
            store(partial + blockIdx.y * channels + channel, gradients);
            store(others + blockIdx.y * channels + channel, products);
        }
        if (!lastOfColumn(tickets)) {
            return;
        }
        gradients = sumOfShares<V>(channels, partial);
        products = sumOfShares<V>(channels, others);
    }
    if (mine) {
        put(dbeta + channel, gradients, accumulate);
        put(dgamma + channel, products, accumulate);
        for (int v = 0; v < V; v++) {
            gradients.of[v] /= rows;
            products.of[v] /= rows;
        }
        store(means + channel, gradients);
        store(means + channels + channel, products);
    }
}

// `dy` times the activation's slope, in place; its sums, and those of it times x normalised: `dbeta` and `dgamma`, and over the number of rows
// `means[2, channels]`.
KERNEL normaliseSums(int rows, int channels, const float* x, const float* y, float* dy, float epsilon, int kind, float slope,
        const float* mean, const float* variance, float* dgamma, float* dbeta, int accumulate, float* means, float* partial, u32* tickets) {
    BY_COLUMNS(normaliseSumsColumns, channels, rows, channels, x, y, dy, epsilon, kind, slope, mean, variance, dgamma, dbeta, accumulate,
            means, partial, tickets)
}

template <int V>
__device__ void normaliseBackwardColumns(int rows, int channels, const float* __restrict__ x, const float* __restrict__ dy, const float* __restrict__ gamma, float epsilon,
        const float* __restrict__ mean, const float* __restrict__ variance, const float* __restrict__ means, float* __restrict__ dx) {
    int channel = LANE(V);
    if (channel < channels) {
        Lanes<V> m = load<V>(mean + channel);
        Lanes<V> normal = load<V>(variance + channel);
        Lanes<V> scale = load<V>(gamma + channel);
        Lanes<V> gradient = load<V>(means + channel);
        Lanes<V> product = load<V>(means + channels + channel);
        for (int v = 0; v < V; v++) {
            normal.of[v] = 1 / sqrtf(normal.of[v] + epsilon);
            scale.of[v] *= normal.of[v];
        }
        ROWS(first, rows) {
            Lanes<V> values[4];
            Lanes<V> d[4];
            EACH_OF_FOUR(i, row, first, rows) {
                u32 at = (u32) row * channels + channel;
                values[i] = load<V>(x + at);
                d[i] = load<V>(dy + at);
            }
            EACH_OF_FOUR(i, row, first, rows) {
                for (int v = 0; v < V; v++) {
                    d[i].of[v] = (d[i].of[v] - gradient.of[v] - (values[i].of[v] - m.of[v]) * normal.of[v] * product.of[v]) * scale.of[v];
                }
                store(dx + (u32) row * channels + channel, d[i]);
            }
        }
    }
}

KERNEL normaliseBackward(int rows, int channels, const float* x, const float* dy, const float* gamma, float epsilon, const float* mean,
        const float* variance, const float* means, float* dx) {
    BY_COLUMNS(normaliseBackwardColumns, channels, rows, channels, x, dy, gamma, epsilon, mean, variance, means, dx)
}

// --- Convolutions as matrix products ---------------------------------------------------------------------------------------------------

// A thread row of a block takes one row of one place's window: kw * c values that lie side by side on both sides.
template <int V>
__device__ void unfoldRows(u32 jobs, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding, const float* in,
        float* patches) {
    int width = kw * c;
    for (u32 job = blockIdx.x * blockDim.y + threadIdx.y; job < jobs; job += gridDim.x * blockDim.y) {
        int y = job % kh - padding;
        u32 place = job / kh;
        int start = ((int) (place % across) * stride - padding) * c;
        place /= across;
        y += (int) (place % down) * stride;
        const float* row = in + ((place / down) * h + y) * w * c;
        int end = y >= 0 && y < h ? w * c : 0;
        for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
            int at = start + i;
            Lanes<V> values = {};
            if (at >= 0 && at < end) {
                values = load<V>(row + at);
            }
            store(patches + job * width + i, values);
        }
    }
}

// `patches[n * down * across, kh * kw * c]` of `in[n, h, w, c]`; `jobs` are n * down * across * kh.
KERNEL unfold(u32 jobs, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding, const float* in, float* patches) {
    BY_COLUMNS(unfoldRows, c, jobs, h, w, c, down, across, kh, kw, stride, padding, in, patches)
}

template <int V>
__device__ void foldPixels(u32 pixels, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding,
        const float* patches, float* out) {
    for (u32 pixel = blockIdx.x * blockDim.y + threadIdx.y; pixel < pixels; pixel += gridDim.x * blockDim.y) {
        int x = pixel % w + padding;
        u32 rest = pixel / w;
        int y = rest % h + padding;
        u32 image = rest / h * down;
        int firstU = y % stride;
        int firstRow = y / stride;
        int firstV = x % stride;
        int firstColumn = x / stride;
        for (int lane = threadIdx.x * V; lane < c; lane += blockDim.x * V) {
            Lanes<V> sum = {};
            for (int u = firstU, row = firstRow; u < kh && row >= 0; u += stride, row--) {
                for (int v = firstV, column = firstColumn; v < kw && column >= 0 && row < down; v += stride, column--) {
                    if (column < across) {
                        Lanes<V> part = load<V>(patches + ((((image + row) * across + column) * kh + u) * kw + v) * c + lane);
                        for (int i = 0; i < V; i++) {
                            sum.of[i] += part.of[i];
                        }
                    }
                }
            }
            store(out + pixel * c + lane, sum);
        }
    }
}

// The adjoint of unfold: every pixel adds up the places that saw it.
KERNEL fold(u32 pixels, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding, const float* patches,
        float* out) {
    BY_COLUMNS(foldPixels, c, pixels, h, w, c, down, across, kh, kw, stride, padding, patches, out)
}

// --- Resampling between [n, h, w, c] and [n, 2h, 2w, c]: `near` is the share of the nearest pixel, 1 or 3/4 ----------------------------

__device__ int next(int fine, int extent) {
    int coarse = fine % 2 == 0 ? fine / 2 - 1 : fine / 2 + 1;
    return min(max(coarse, 0), extent - 1);
}

KERNEL upsample(u32 count, int h, int w, int c, float near, float factor, const float* in, float* out) {
    EACH(i, count) {
        int p = i % c;
        u32 rest = i / c;
        int x = rest % (2 * w);
        rest /= 2 * w;
        int y = rest % (2 * h);
        const float* image = in + rest / (2 * h) * h * w * c + p;
        int rows[] = {y / 2, next(y, h)};
        int columns[] = {x / 2, next(x, w)};
        float shares[] = {near, 1 - near};
        float sum = 0;
        for (int r = 0; r < 2; r++) {
            for (int s = 0; s < 2; s++) {
                sum += shares[r] * shares[s] * image[(rows[r] * w + columns[s]) * c];
            }
        }
        out[i] = factor * sum;
    }
}

// What `fine` gets from `coarse` in upsample.
__device__ float share(int fine, int coarse, int extent, float near) {
    return (fine / 2 == coarse ? near : 0) + (next(fine, extent) == coarse ? 1 - near : 0);
}

KERNEL downsample(u32 count, int h, int w, int c, float near, float factor, const float* in, float* out) {
    EACH(i, count) {
        int p = i % c;
        u32 rest = i / c;
        int x = rest % w;
        rest /= w;
        int y = rest % h;
        const float* image = in + rest / h * 4 * h * w * c + p;
        float sum = 0;
        for (int r = max(0, 2 * y - 1); r <= min(2 * h - 1, 2 * y + 2); r++) {
            for (int s = max(0, 2 * x - 1); s <= min(2 * w - 1, 2 * x + 2); s++) {
                float weight = share(r, y, h, near) * share(s, x, w, near);
                if (weight != 0) {
                    sum += weight * image[(r * 2 * w + s) * c];
                }
            }
        }
        out[i] = factor * sum;
    }
}

// --- Elementwise -----------------------------------------------------------------------------------------------------------------------

KERNEL fill(u32 count, float* x, float value) {
    EACH(i, count) {
        x[i] = value;
    }
}

KERNEL fillDoubles(u32 count, double* x, double value) {
    EACH(i, count) {
        x[i] = value;
    }
}

KERNEL copy(u32 count, const float* x, float* y) {
    EACH(i, count) {
        y[i] = x[i];
    }
}

KERNEL multiply(u32 count, const float* a, const float* b, float* out) {
    EACH(i, count) {
        out[i] = a[i] * b[i];
    }
}

KERNEL scaleRows(u32 count, u32 features, float* x, const float* factors) {
    EACH(i, count) {
        x[i] *= factors[i / features];
    }
}

KERNEL add(u32 count, const float* x, float* y) {
    EACH(i, count) {
        y[i] += x[i];
    }
}

KERNEL addScaled(u32 count, const float* x, float scale, float* y) {
    EACH(i, count) {
        y[i] = fmaf(x[i], scale, y[i]);
    }
}

KERNEL takeChannels(u32 count, u32 some, u32 all, u32 from, const float* x, float* out) {
    EACH(i, count) {
        out[i] = x[i / some * all + from + i % some];
    }
}

KERNEL putChannels(u32 count, u32 some, u32 all, u32 from, const float* x, float* out) {
    EACH(i, count) {
        out[i / some * all + from + i % some] = x[i];
    }
}

KERNEL combineRows(u32 count, u32 features, const float* x, const float* s, float* t, const float* w, float* out) {
    EACH(i, count) {
        u32 row = i / features;
        t[i] *= w[row];
        out[i] = x[i] * s[row] + t[i];
    }
}

KERNEL movingAverage(u32 count, float* average, const float* x, float decay) {
    EACH(i, count) {
        average[i] = decay * average[i] + (1 - decay) * x[i];
    }
}

// --- Sums in double precision, and optimisers ------------------------------------------------------------------------------------------------------------------------

// The sum over a block, in a fixed order, to all its threads.
__device__ double sumOfThreads(double value) {
    __shared__ double sums[THREADS];
    sums[threadIdx.x] = value;
    __syncthreads();
    for (u32 half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    double sum = sums[0];
    __syncthreads();
    return sum;
}

// `out[rows]` = the sums of squares of `x[rows, features]`; a block has a row at a time.
KERNEL squaresOfRows(u32 rows, u32 features, const float* x, float* out) {
    for (u32 row = blockIdx.x; row < rows; row += gridDim.x) {
        double sum = 0;
        for (u32 i = threadIdx.x; i < features; i += blockDim.x) {
            double value = x[row * features + i];
            sum += value * value;
        }
        sum = sumOfThreads(sum);
        if (threadIdx.x == 0) {
            out[row] = sum;
        }
    }
}

// --- Images changed one by one: ImageChange in its order ----------------------------------------------------------------------------------

struct Change {
    bool flip;
    bool colours;
    double brightness;
    double saturation;
    double contrast;
    int right;
    int down;
    int left;
    int top;
    int cutWidth;
    int cutHeight;
};

__device__ Change changeOf(const float* changes, u32 image) {
    const float* of = changes + image * 11;
    return {of[0] != 0, of[1] != 0, of[2], of[3], of[4], (int) of[5], (int) of[6], (int) of[7], (int) of[8], (int) of[9], (int) of[10]};
}

// Whether a changed image has at (y, x) a pixel of the image, and not what was moved in or cut out.
__device__ bool shows(const Change& change, int h, int w, int y, int x) {
    bool cut = y >= change.top && y < change.top + change.cutHeight && x >= change.left && x < change.left + change.cutWidth;
    int above = y - change.down;
    int before = x - change.right;
    return !cut && above >= 0 && above < h && before >= 0 && before < w;
}

// The value at a channel of a pixel, given the image's mean, with colours as they are to be.
__device__ double coloured(const Change& change, const float* pixel, int c, int channel, double mean, double brightness) {
    double sum = 0;
    for (int i = 0; i < c; i++) {
        sum += pixel[i] + brightness;
    }
    double of = sum / c;
    double value = of + change.saturation * (pixel[channel] + brightness - of);
    return mean + brightness + change.contrast * (value - (mean + brightness));
}

// `means[images]` of `x[images, h, w, c]`; of gradients at changed images, of what goes back to the image.
KERNEL meansOfImages(u32 images, int h, int w, int c, const float* changes, int back, const float* x, double* means) {
    u32 features = h * w * c;
    for (u32 image = blockIdx.x; image < images; image += gridDim.x) {
        Change change = changeOf(changes, image);
        double sum = 0;
        for (u32 i = threadIdx.x; i < features; i += blockDim.x) {
            int pixel = i / c;
            if (!back || shows(change, h, w, pixel / w, pixel % w)) {
                sum += x[image * features + i];
            }
        }
        sum = sumOfThreads(sum);
        if (threadIdx.x == 0) {
            means[image] = sum / features;
        }
    }
}

KERNEL changeImages(u32 count, int h, int w, int c, const float* changes, const double* means, float black, const float* x, float* out) {
    u32 features = h * w * c;
    EACH(i, count) {
        u32 image = i / features;
        Change change = changeOf(changes, image);
        int channel = i % c;
        int row = i % features / c / w;
        int column = i / c % w;
        if (shows(change, h, w, row, column)) {
            int from = column - change.right;
            const float* pixel = x + image * features + ((row - change.down) * w + (change.flip ? w - 1 - from : from)) * c;
            out[i] = change.colours ? coloured(change, pixel, c, channel, means[image], change.brightness) : pixel[channel];
        } else {
            out[i] = black;
        }
    }
}

KERNEL changeImagesBack(u32 count, int h, int w, int c, const float* changes, const double* means, float black, const float* dy, float* dx) {
    u32 features = h * w * c;
    EACH(i, count) {
        u32 image = i / features;
        Change change = changeOf(changes, image);
        int channel = i % c;
        int row = i % features / c / w + change.down;
        int column = i / c % w;
        column = (change.flip ? w - 1 - column : column) + change.right;
        bool seen = row >= 0 && row < h && column >= 0 && column < w && shows(change, h, w, row, column);
        const float* pixel = dy + image * features + (row * w + column) * c;
        if (change.colours) {
            double mean = means[image];
            dx[i] = seen ? coloured(change, pixel, c, channel, mean, 0) : mean - change.contrast * mean;
        } else {
            dx[i] = seen ? pixel[channel] : black;
        }
    }
}

// Curve in its order: the value and the derivative at t.
__device__ void curve(int which, double t, double* value, double* derivative) {
    double e = which == 1 || which == 5 ? exp(-fabs(t)) : 0;
    switch (which) {
        case 1:
            *value = fmax(t, 0.0) + log1p(e) + 0 * t; // a NaN stays
            *derivative = (t >= 0 ? 1 : e) / (1 + e);
            break;
        case 2:
            *value = t <= 0 ? 0 : t;
            *derivative = t > 0 ? 1 : t <= 0 ? 0 : t;
            break;
        case 3:
            *value = t * t;
            *derivative = 2 * t;
            break;
        case 4:
            *value = exp(t);
            *derivative = *value;
            break;
        case 5:
            *value = (t >= 0 ? 1 : e) / (1 + e);
            *derivative = e / ((1 + e) * (1 + e));
            break;
        case 6: {
            double rest = sqrt(t) - 1;
            *value = rest * rest;
            *derivative = t == 0 ? 0 : rest / (rest + 1);
            break;
        }
        default:
            *value = t;
            *derivative = 1;
    }
}

// Loss at each of `a`, in one block: the sum, divided by `of`, is added to `sum`, and slopes are written where they are wanted.
KERNEL loss(u32 count, const float* a, int which, double scale, double shift, double tilt, double weight, double of, float* slopes,
        double* sum) {
    double total = 0;
    EACH(i, count) {
        double t = scale * a[i] + shift;
        double value;
        double derivative;
        curve(which, t, &value, &derivative);
        total += weight * (value + tilt * t);
        if (slopes) {
            slopes[i] = weight * scale * (derivative + tilt) / of;
        }
    }
    total = sumOfThreads(total);
    if (threadIdx.x == 0) {
        *sum += total / of;
    }
}

template <int N>
struct Sums {
    double of[N];
};

// `out[N]` = the sums over all blocks; `partial[blocks, N]`.
template <int N>
__device__ void sumOver(Sums<N> sums, double* partial, u32* ticket, double* out) {
    for (int i = 0; i < N; i++) {
        double sum = sumOfThreads(sums.of[i]);
        if (threadIdx.x == 0) {
            partial[blockIdx.x * N + i] = sum;
        }
    }
    if (lastOf(gridDim.x, ticket)) {
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (u32 block = threadIdx.x; block < gridDim.x; block += blockDim.x) {
                sum += partial[block * N + i];
            }
            sum = sumOfThreads(sum);
            if (threadIdx.x == 0) {
                out[i] = sum;
            }
        }
    }
}

KERNEL squares(u32 count, const float* x, double* partial, u32* ticket, double* out) {
    double sum = 0;
    EACH(i, count) {
        sum += (double) x[i] * x[i];
    }
    sumOver<1>({sum}, partial, ticket, out);
}

KERNEL momentumStep(u32 count, float* weight, const float* gradient, float* velocity, float rate, float momentum, double* partial, u32* ticket,
        double* squares) {
    double gradients = 0;
    double updates = 0;
    double weights = 0;
    EACH(i, count) {
        float update = momentum * velocity[i] - rate * gradient[i];
        float moved = weight[i] + update;
        velocity[i] = update;
        weight[i] = moved;
        gradients += (double) gradient[i] * gradient[i];
        updates += (double) update * update;
        weights += (double) moved * moved;
    }
    sumOver<3>({gradients, updates, weights}, partial, ticket, squares);
}

// Whether so many floats come in fours, in memory too.
__device__ bool byFours(u32 count, const void* a, const void* b, const void* c, const void* d, const void* e) {
    return count % 4 == 0 && ((size_t) a | (size_t) b | (size_t) c | (size_t) d | (size_t) e) % 16 == 0;
}

template <int V>
__device__ Sums<3> adam(u32 count, float* __restrict__ weight, const float* __restrict__ gradient, float* __restrict__ m, float* __restrict__ v,
        float rate, float beta1, float beta2, float epsilon, float first, float second, float* __restrict__ average, float decay) {
    Sums<3> sums = {};
    EACH(lane, count / V) {
        u32 at = lane * V;
        Lanes<V> gradients = load<V>(gradient + at);
        Lanes<V> means = load<V>(m + at);
        Lanes<V> squares = load<V>(v + at);
        Lanes<V> weights = load<V>(weight + at);
        for (int i = 0; i < V; i++) {
            float g = gradients.of[i];
            means.of[i] = beta1 * means.of[i] + (1 - beta1) * g;
            squares.of[i] = beta2 * squares.of[i] + (1 - beta2) * g * g;
            float update = -rate * (means.of[i] * first) / (sqrtf(squares.of[i] * second) + epsilon);
            weights.of[i] += update;
            sums.of[0] += (double) g * g;
            sums.of[1] += (double) update * update;
            sums.of[2] += (double) weights.of[i] * weights.of[i];
        }
        store(m + at, means);
        store(v + at, squares);
        store(weight + at, weights);
        if (average) {
            Lanes<V> averages = load<V>(average + at);
            for (int i = 0; i < V; i++) {
                averages.of[i] = decay * averages.of[i] + (1 - decay) * weights.of[i];
            }
            store(average + at, averages);
        }
    }
    return sums;
}

// `first` and `second`: 1 / (1 - beta^t). The moving average of the weights, if there is one, takes them up.
KERNEL adamStep(u32 count, float* weight, const float* gradient, float* m, float* v, float rate, float beta1, float beta2, float epsilon,
        float first, float second, double* partial, u32* ticket, double* squares, float* average, float decay) {
    Sums<3> sums = byFours(count, weight, gradient, m, v, average)
            ? adam<4>(count, weight, gradient, m, v, rate, beta1, beta2, epsilon, first, second, average, decay)
            : adam<1>(count, weight, gradient, m, v, rate, beta1, beta2, epsilon, first, second, average, decay);
    sumOver(sums, partial, ticket, squares);
}

// --- Random numbers: the bits that Philox and FloatMath define -------------------------------------------------------------------------

__device__ void philox(u32 seedLow, u32 seedHigh, u32 stream, i64 step, i64 counter, u32* words) {
    u32 c0 = (u32) counter;
    u32 c1 = stream;
    u32 c2 = (u32) step;
    u32 c3 = (u32) (step >> 32 | counter >> 32 << 16);
    for (int round = 0; round < 10; round++) {
        u32 high0 = __umulhi(0xD2511F53u, c0);
        u32 low0 = 0xD2511F53u * c0;
        u32 high1 = __umulhi(0xCD9E8D57u, c2);
        u32 low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ seedLow;
        c1 = low1;
        c2 = high0 ^ c3 ^ seedHigh;
        c3 = low0;
        seedLow += 0x9E3779B9u;
        seedHigh += 0xBB67AE85u;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

__device__ float unit(u32 word) {
    return (word >> 8) * 5.9604644775390625e-8f; // 2^-24
}

__device__ float radius(u32 word) {
    int bits = __float_as_int((float) (int) (word >> 1 | 1));
    int exponent = (bits - 0x3f3504f3) >> 23;
    float f = __int_as_float(bits - (exponent << 23)) - 1;
    float e = (float) (exponent - 31);
    float p = fmaf(fmaf(fmaf(fmaf(0.067466386f, f, -0.11675651f), f, 0.11888163f), f, -0.12405589f), f, 0.14219552f);
    p = fmaf(fmaf(fmaf(fmaf(p, f, -0.16667996f), f, 0.20002119f), f, -0.2500001f), f, 0.33333313f);
    float square = f * f;
    float low = fmaf(-0.5f, square, fmaf(e, -2.12194440e-4f, p * f * square));
    float log = fmaf(e, 0.693359375f, f + low);
    return sqrtf(fmaxf(log * -2, 0));
}

__device__ float circle(u32 word, bool sine) {
    u32 quadrant = (word + (1u << 29)) >> 30;
    float x = (float) (int) (word - (quadrant << 30)) * 1.4629180792671596e-9f; // pi / 2 * 2^-30
    float square = x * x;
    bool useSine = sine == ((quadrant & 1) == 0);
    float value = useSine ? fmaf(x * square, fmaf(fmaf(-1.951528247e-04f, square, 0.00833216f), square, -0.16666655f), x)
            : fmaf(square * square, fmaf(fmaf(2.443315680e-05f, square, -0.0013887316f), square, 0.041666646f), fmaf(-0.5f, square, 1));
    u32 sign = (sine ? quadrant & 2 : (quadrant + 1) & 2) << 30;
    return __int_as_float(__float_as_int(value) ^ (int) sign);
}

__device__ void place(i64 at, i64 count, float value, const float* in, float scale, float* out) {
    if (at >= 0 && at < count) {
        out[at] = in ? fmaf(value, scale, in[at]) : value;
    }
}

// A thread makes the four numbers of one counter, word w of counter j of group g at 64 g + 16 w + j of the whole, of which `out` is the part that
// begins at `from`. What they are: 0 = N(0, 1), added times
// `scale` to `in` if there is one; 1 = U(offset, offset + scale); 2 = `scale` with probability `offset`, else 0.
KERNEL fillRandom(u32 counters, i64 count, i64 from, int what, u32 seedLow, u32 seedHigh, u32 stream, i64 step, const float* in, float scale,
        float offset, float* out) {
    EACH(counter, counters) {
        u32 words[4];
        i64 number = from / 64 * 16 + counter;
        philox(seedLow, seedHigh, stream, step, number, words);
        i64 at = number / 16 * 64 + number % 16 - from;
        for (int pair = 0; pair < 4; pair += 2) {
            if (what == 0) {
                float length = radius(words[pair]);
                place(at + 16 * pair, count, length * circle(words[pair + 1], false), in, scale, out);
                place(at + 16 * pair + 16, count, length * circle(words[pair + 1], true), in, scale, out);
            } else {
                for (int word = pair; word < pair + 2; word++) {
                    float value = unit(words[word]);
                    place(at + 16 * word, count, what == 1 ? fmaf(value, scale, offset) : value < offset ? scale : 0, 0, 0, out);
                }
            }
        }
    }
}
