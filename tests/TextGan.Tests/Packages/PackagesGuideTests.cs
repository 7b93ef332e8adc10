namespace TextGan.Tests.Packages;

/// <summary>What docs/packages.md shows is what is in the checkout; <see cref="PackageTests"/> runs it.</summary>
public sealed class PackagesGuideTests
{
    [Test]
    public void Its_program_is_that_of_the_checkout_with_packages_for_projects()
    {
        Assert.That(PackagesGuide.Sample, Has.Length.LessThan(40));
        string[] expected =
        [
            $"#:package TextGan.Reporting@{PackagesGuide.PackageVersion}",
            $"#:package libtorch-cpu-linux-x64@{PackagesGuide.LibTorchVersion}",
            .. PackagesGuide.Sample.Skip(1), ""
        ];
        Assert.That(PackagesGuide.Program.Split('\n'), Is.EqualTo(expected));
        Assert.That(PackagesGuide.Sample[0], Is.EqualTo("#:project ../src/TextGan.Reporting"));
    }

    [Test]
    public void The_versions_that_it_names_are_those_of_the_checkout()
    {
        var named = System.Text.RegularExpressions.Regex.Matches(PackagesGuide.Text, @"(?:--version |@)(\d+\.\d+\.\d+)")
            .Select(match => match.Groups[1].Value).Distinct();
        Assert.That(named, Is.SubsetOf((string[])[PackagesGuide.PackageVersion, PackagesGuide.LibTorchVersion]));
    }
}
