// What CudaKernels runs on the device, all but matrix products. Compiled by NVRTC when they start, for the card that is there, and without
// contracting a * b + c: the random numbers need every operation rounded as it is written.
//
// Elementwise kernels take any number of threads. Sums are cut in a way that depends on their shape alone and added up in a fixed order,
// so that results are the same bits each time.

typedef long long i64;
typedef unsigned int u32;

#define KERNEL extern "C" __global__ void
#define EACH(i, count) for (i64 i = blockIdx.x * (i64) blockDim.x + threadIdx.x; i < (count); i += (i64) gridDim.x * blockDim.x)

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

KERNEL biasActivate(i64 count, i64 channels, float* x, const float* bias, int kind, float slope) {
    EACH(i, count) {
        x[i] = activated(x[i] + bias[i % channels], kind, slope);
    }
}

KERNEL activateBackward(i64 count, const float* y, float* dy, int kind, float slope) {
    EACH(i, count) {
        dy[i] = derived(y[i], dy[i], kind, slope);
    }
}

// --- Maxout ----------------------------------------------------------------------------------------------------------------------------

KERNEL maxout(i64 count, i64 units, int pieces, const float* z, const float* bias, float* y, float* winner) {
    EACH(i, count) {
        i64 unit = i % units;
        float best = z[i * pieces] + bias[unit * pieces];
        int won = 0;
        for (int piece = 1; piece < pieces; piece++) {
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

KERNEL maxoutBackward(i64 count, int pieces, const float* dy, const float* winner, float* dz) {
    EACH(i, count) {
        i64 unit = i / pieces;
        dz[i] = winner[unit] == i % pieces ? dy[unit] : 0;
    }
}

// --- Sums over the rows of [rows, channels] --------------------------------------------------------------------------------------------

#define SUM_COLUMNS 32
#define SUM_ROWS 8

// What is summed: 0 = x; 1 = (x - mean)^2; 2 = dy times x normalised.
__device__ float term(int what, i64 at, i64 channel, const float* x, const float* dy, const float* mean, const float* variance, float epsilon) {
    switch (what) {
        case 1: {
            float centred = x[at] - mean[channel];
            return centred * centred;
        }
        case 2: return dy[at] * ((x[at] - mean[channel]) / sqrtf(variance[channel] + epsilon));
        default: return x[at];
    }
}

// A block sums 32 channels of one share of the rows: `partial[shares, channels]`.
KERNEL channelSums(i64 rows, i64 channels, int what, const float* x, const float* dy, const float* mean, const float* variance, float epsilon,
        float* partial) {
    __shared__ float sums[SUM_ROWS][SUM_COLUMNS];
    i64 channel = blockIdx.x * (i64) SUM_COLUMNS + threadIdx.x;
    float sum = 0;
    if (channel < channels) {
        for (i64 row = blockIdx.y * (i64) SUM_ROWS + threadIdx.y; row < rows; row += (i64) gridDim.y * SUM_ROWS) {
            sum += term(what, row * channels + channel, channel, x, dy, mean, variance, epsilon);
        }
    }
    sums[threadIdx.y][threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && channel < channels) {
        float total = 0;
        for (int row = 0; row < SUM_ROWS; row++) {
            total += sums[row][threadIdx.x];
        }
        partial[blockIdx.y * channels + channel] = total;
    }
}

// `average` = factor times the sum of the shares; `out` = the sum, added to it if `accumulate`. Either may be absent.
KERNEL channelTotals(i64 channels, int shares, const float* partial, float factor, float* average, float* out, int accumulate) {
    EACH(channel, channels) {
        float sum = 0;
        for (int share = 0; share < shares; share++) {
            sum += partial[share * channels + channel];
        }
        if (average) {
            average[channel] = factor * sum;
        }
        if (out) {
            out[channel] = accumulate ? out[channel] + sum : sum;
        }
    }
}

// --- Batch norm ------------------------------------------------------------------------------------------------------------------------

KERNEL normalise(i64 count, i64 channels, const float* x, const float* gamma, const float* beta, float epsilon, int kind, float slope,
        const float* mean, const float* variance, float* y) {
    EACH(i, count) {
        i64 channel = i % channels;
        float normal = (x[i] - mean[channel]) / sqrtf(variance[channel] + epsilon);
        y[i] = activated(gamma[channel] * normal + beta[channel], kind, slope);
    }
}

// `meanGradient` and `meanProduct`: of dy, and of dy times x normalised, over a channel's rows.
KERNEL normaliseBackward(i64 count, i64 channels, const float* x, const float* dy, const float* gamma, float epsilon, const float* mean,
        const float* variance, const float* meanGradient, const float* meanProduct, float* dx) {
    EACH(i, count) {
        i64 channel = i % channels;
        float deviation = sqrtf(variance[channel] + epsilon);
        float normal = (x[i] - mean[channel]) / deviation;
        dx[i] = (dy[i] - meanGradient[channel] - normal * meanProduct[channel]) * (gamma[channel] / deviation);
    }
}

// --- Convolutions as matrix products ---------------------------------------------------------------------------------------------------

// `patches[n * down * across, kh * kw * c]` of `in[n, h, w, c]`.
KERNEL unfold(i64 count, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding, const float* in, float* patches) {
    EACH(i, count) {
        int p = i % c;
        i64 rest = i / c;
        int v = rest % kw;
        rest /= kw;
        int u = rest % kh;
        rest /= kh;
        int x = rest % across * stride + v - padding;
        rest /= across;
        int y = rest % down * stride + u - padding;
        i64 image = rest / down;
        patches[i] = y >= 0 && y < h && x >= 0 && x < w ? in[((image * h + y) * w + x) * c + p] : 0;
    }
}

// The adjoint of unfold: every pixel adds up the places that saw it.
KERNEL fold(i64 count, int h, int w, int c, int down, int across, int kh, int kw, int stride, int padding, const float* patches, float* out) {
    EACH(i, count) {
        int p = i % c;
        i64 rest = i / c;
        int x = rest % w + padding;
        rest /= w;
        int y = rest % h + padding;
        i64 image = rest / h;
        float sum = 0;
        for (int u = y % stride; u < kh && u <= y; u += stride) {
            int row = (y - u) / stride;
            for (int v = x % stride; v < kw && v <= x && row < down; v += stride) {
                int column = (x - v) / stride;
                if (column < across) {
                    sum += patches[((((image * down + row) * across + column) * kh + u) * kw + v) * c + p];
                }
            }
        }
        out[i] = sum;
    }
}

// --- Resampling between [n, h, w, c] and [n, 2h, 2w, c]: `near` is the share of the nearest pixel, 1 or 3/4 ----------------------------

__device__ int next(int fine, int extent) {
    int coarse = fine % 2 == 0 ? fine / 2 - 1 : fine / 2 + 1;
    return min(max(coarse, 0), extent - 1);
}

KERNEL upsample(i64 count, int h, int w, int c, float near, float factor, const float* in, float* out) {
    EACH(i, count) {
        int p = i % c;
        i64 rest = i / c;
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
                sum += shares[r] * shares[s] * image[((i64) rows[r] * w + columns[s]) * c];
            }
        }
        out[i] = factor * sum;
    }
}

// What `fine` gets from `coarse` in upsample.
__device__ float share(int fine, int coarse, int extent, float near) {
    return (fine / 2 == coarse ? near : 0) + (next(fine, extent) == coarse ? 1 - near : 0);
}

KERNEL downsample(i64 count, int h, int w, int c, float near, float factor, const float* in, float* out) {
    EACH(i, count) {
        int p = i % c;
        i64 rest = i / c;
        int x = rest % w;
        rest /= w;
        int y = rest % h;
        const float* image = in + rest / h * 4 * h * w * c + p;
        float sum = 0;
        for (int r = max(0, 2 * y - 1); r <= min(2 * h - 1, 2 * y + 2); r++) {
            for (int s = max(0, 2 * x - 1); s <= min(2 * w - 1, 2 * x + 2); s++) {
                float weight = share(r, y, h, near) * share(s, x, w, near);
                if (weight != 0) {
                    sum += weight * image[((i64) r * 2 * w + s) * c];
                }
            }
        }
        out[i] = factor * sum;
    }
}

// --- Elementwise -----------------------------------------------------------------------------------------------------------------------

KERNEL multiply(i64 count, const float* a, const float* b, float* out) {
    EACH(i, count) {
        out[i] = a[i] * b[i];
    }
}

KERNEL scaleRows(i64 count, i64 features, float* x, const float* factors) {
    EACH(i, count) {
        x[i] *= factors[i / features];
    }
}

KERNEL add(i64 count, const float* x, float* y) {
    EACH(i, count) {
        y[i] += x[i];
    }
}

KERNEL movingAverage(i64 count, float* average, const float* x, float decay) {
    EACH(i, count) {
        average[i] = decay * average[i] + (1 - decay) * x[i];
    }
}

// --- Optimisers ------------------------------------------------------------------------------------------------------------------------

#define NORM_THREADS 256

// Sums over a block, in a fixed order: `norms[block * 3 + which]`.
__device__ void sumOver(double value, int which, double* norms) {
    __shared__ double sums[NORM_THREADS];
    sums[threadIdx.x] = value;
    __syncthreads();
    for (int half = NORM_THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        norms[blockIdx.x * 3 + which] = sums[0];
    }
    __syncthreads();
}

KERNEL squares(i64 count, const float* x, double* norms) {
    double sum = 0;
    EACH(i, count) {
        sum += (double) x[i] * x[i];
    }
    sumOver(sum, 0, norms);
}

KERNEL momentumStep(i64 count, float* weight, const float* gradient, float* velocity, float rate, float momentum, double* norms) {
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
    sumOver(gradients, 0, norms);
    sumOver(updates, 1, norms);
    sumOver(weights, 2, norms);
}

// `first` and `second`: 1 / (1 - beta^t).
KERNEL adamStep(i64 count, float* weight, const float* gradient, float* m, float* v, float rate, float beta1, float beta2, float epsilon,
        float first, float second, double* norms) {
    double gradients = 0;
    double updates = 0;
    double weights = 0;
    EACH(i, count) {
        float g = gradient[i];
        float mean = beta1 * m[i] + (1 - beta1) * g;
        float square = beta2 * v[i] + (1 - beta2) * g * g;
        float update = -rate * (mean * first) / (sqrtf(square * second) + epsilon);
        float moved = weight[i] + update;
        m[i] = mean;
        v[i] = square;
        weight[i] = moved;
        gradients += (double) g * g;
        updates += (double) update * update;
        weights += (double) moved * moved;
    }
    sumOver(gradients, 0, norms);
    sumOver(updates, 1, norms);
    sumOver(weights, 2, norms);
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

__device__ void put(i64 at, i64 count, float value, const float* in, float scale, float* out) {
    if (at < count) {
        out[at] = in ? fmaf(value, scale, in[at]) : value;
    }
}

// A thread makes the four numbers of one counter, word w of counter j of group g at 64 g + 16 w + j. What they are: 0 = N(0, 1), added times
// `scale` to `in` if there is one; 1 = U(offset, offset + scale); 2 = `scale` with probability `offset`, else 0.
KERNEL fillRandom(i64 counters, i64 count, int what, u32 seedLow, u32 seedHigh, u32 stream, i64 step, const float* in, float scale,
        float offset, float* out) {
    EACH(counter, counters) {
        u32 words[4];
        philox(seedLow, seedHigh, stream, step, counter, words);
        i64 at = counter / 16 * 64 + counter % 16;
        for (int pair = 0; pair < 4; pair += 2) {
            if (what == 0) {
                float length = radius(words[pair]);
                put(at + 16 * pair, count, length * circle(words[pair + 1], false), in, scale, out);
                put(at + 16 * pair + 16, count, length * circle(words[pair + 1], true), in, scale, out);
            } else {
                for (int word = pair; word < pair + 2; word++) {
                    float value = unit(words[word]);
                    put(at + 16 * word, count, what == 1 ? fmaf(value, scale, offset) : value < offset ? scale : 0, 0, 0, out);
                }
            }
        }
    }
}
