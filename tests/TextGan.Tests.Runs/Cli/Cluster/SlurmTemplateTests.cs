using TextGan.Cli.Cluster;
using TextGan.Problems;

namespace TextGan.Tests.Cli.Cluster;

public class SlurmTemplateTests
{
    [Test]
    public void Options_and_set_up_lines_are_told_apart()
    {
        using var files = new TemporaryFiles();
        var read = SlurmTemplate.Read(files.Write("template.sh",
            "#!/bin/bash\n#SBATCH --mem=8G # at least\nmodule load dotnet\r\n#SBATCH -A account\n\n# a comment\n"));
        Assert.That(read.Directives, Is.EqualTo(new[] { "#SBATCH --mem=8G # at least", "#SBATCH -A account" }));
        Assert.That(read.SetUp, Is.EqualTo(new[] { "module load dotnet", "", "# a comment" }));
    }

    [TestCase("#SBATCH --array=0-5", "--array"), TestCase("#SBATCH --arr 0-5", "--array"), TestCase("#SBATCH -a0-5", "--array")]
    [TestCase("#SBATCH --mem=1 --signal=USR1", "--signal"), TestCase("#SBATCH -o x", "--output"), TestCase("#SBATCH --error=x", "--error")]
    [TestCase("#SBATCH --no-requeue", "--no-requeue")]
    public void What_the_script_depends_on_is_rejected(string line, string option)
    {
        using var files = new TemporaryFiles();
        var file = files.Write("template.sh", $"module load dotnet\n{line}\n");
        var refused = Assert.Throws<InvalidInputException>(() => SlurmTemplate.Read(file))!;
        Assert.That(refused.Message, Is.EqualTo($"{file}:2: sets {option}, which 'submit' sets itself; remove it."));
    }

    [Test, Platform(Exclude = "Win", Reason = "needs bash")]
    public void What_bash_cannot_read_is_rejected()
    {
        using var files = new TemporaryFiles();
        var file = files.Write("template.sh", "#SBATCH --mem=1\necho 'open\n");
        Assert.That(() => SlurmTemplate.Read(file), Throws.TypeOf<InvalidInputException>().With.Message.StartsWith(
            $"{file}: bash cannot read it: line 2: unexpected EOF"));
    }

    [TestCase("#SBATCH --account=a --exclusive --open-mode=append -A x"), TestCase("#SBATCH --mem=1 # --array is not allowed"),
        TestCase("echo --array"), TestCase("# SBATCH --array=1")]
    public void Other_lines_are_allowed(string line)
    {
        using var files = new TemporaryFiles();
        Assert.That(() => SlurmTemplate.Read(files.Write("template.sh", line)), Throws.Nothing);
    }
}
