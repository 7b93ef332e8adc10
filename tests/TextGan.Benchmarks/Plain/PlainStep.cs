using static TorchSharp.torch;

namespace TextGan.Benchmarks.Plain;

/// <summary>Gradient, clipping, update, as one writes them.</summary>
static class PlainStep
{
    public static void Take(optim.Optimizer optimizer, nn.Module module, Tensor loss)
    {
        optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(module.parameters(), 5);
        optimizer.step();
    }
}
