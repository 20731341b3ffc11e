package dev.vertigan.tensor.simd;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Convolution;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import dev.vertigan.tensor.Workers;

/// Chooses how a convolution is computed, by its shape alone.
final class SimdConvolutions {

    private final PatchConvolution patches;
    private final DirectConvolution direct;
    private final WinogradConvolution winograd;
    private final SimdActivations activations;

    SimdConvolutions(Workers workers, SimdGemm gemm, SimdActivations activations) {
        this.activations = activations;
        patches = new PatchConvolution(workers, gemm);
        direct = new DirectConvolution(workers);
        winograd = new WinogradConvolution(workers);
    }

    void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(in, weight, window, out);
        var geometry = Convolution.Geometry.of(in, window, out);
        if (out.size() > 0) {
            best(geometry).convolve(geometry, in.address(), weight.address(), out.address());
        }
    }

    void convolveActivate(Tensor in, Tensor weight, Window window, Tensor bias, Activation activation, Tensor out) {
        Shapes.convolution(in, weight, window, out);
        var geometry = Convolution.Geometry.of(in, window, out);
        if (out.size() == 0 || best(geometry) != direct || SimdActivations.curved(activation) || geometry.features() % Lanes.L != 0) {
            convolve(in, weight, window, out);
            activations.biasActivate(out, bias, activation);
            return;
        }
        Shapes.vector("bias", bias, geometry.features());
        var rows = activations.rows(bias.address(), geometry.features(), activation);
        direct.convolve(geometry, in.address(), weight.address(), out.address(), rows::run);
    }

    void transposed(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(out, weight, window, in);
        var geometry = Convolution.Geometry.of(out, window, in);
        if (out.size() > 0) {
            best(geometry).transposed(geometry, in.address(), weight.address(), out.address());
        }
    }

    void weightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        Shapes.convolution(in, dweight, window, dout);
        var geometry = Convolution.Geometry.of(in, window, dout);
        if (dout.size() > 0) {
            var best = WinogradConvolution.fits(geometry) ? winograd : DirectConvolution.fitsGradient(geometry) ? direct : patches;
            best.weightGradient(geometry, in.address(), dout.address(), dweight.address(), accumulate);
        } else if (!accumulate) {
            Lanes.fillZero(dweight.address(), dweight.size());
        }
    }

    private Convolution best(Convolution.Geometry geometry) {
        return WinogradConvolution.fits(geometry) ? winograd : DirectConvolution.fits(geometry) ? direct : patches;
    }
}
