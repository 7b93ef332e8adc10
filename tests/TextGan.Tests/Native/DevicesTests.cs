using TextGan.Native;

namespace TextGan.Tests.Native;

public class DevicesTests
{
    [Test]
    public void Cpu_and_auto_resolve()
    {
        Assert.That(Devices.Resolve("cpu", "$.device").ToString(), Is.EqualTo("cpu"));
        Assert.That(Devices.Resolve("auto", "$.device").ToString(), Is.EqualTo(TorchSharp.torch.cuda.is_available() ? "cuda:0" : "cpu"));
    }

    [TestCase("gpu")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("CPU")]
    public void Other_names_are_refused(string name) =>
        Assert.That(() => Devices.Resolve(name, "$.device"), Throws.TypeOf<InvalidInputException>().With.Message
            .EqualTo($"$.device: '{name}' is not a device; allowed are auto, cpu, cuda and cuda:N."));

    [Test]
    public void A_device_that_is_not_there_is_a_clear_error()
    {
        if (TorchSharp.torch.cuda.is_available()) Assert.Ignore("This machine has a CUDA device.");
        Assert.That(() => Devices.Resolve("cuda:0", "$.device"), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.device: 'cuda:0' was asked for, but no CUDA device can be used: this LibTorch has no CUDA or there is no device. " +
            "Build with -p:TorchBackend=cuda-windows or cuda-linux, name the folder of a PyTorch with CUDA by --libtorch, or use " +
            "\"auto\" or \"cpu\"."));
    }
}
