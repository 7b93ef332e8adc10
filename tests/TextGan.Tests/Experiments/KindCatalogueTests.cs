using TextGan.Experiments.Catalogue;

namespace TextGan.Tests.Experiments;

public sealed class KindCatalogueTests
{
    static readonly KindCatalogue catalogue = KindCatalogue.BuiltIn;

    static IEnumerable<KindDescription> Everything() => catalogue.Families.SelectMany(family => family.Kinds).Concat(catalogue.Sections);

    [Test]
    public void Every_family_kind_and_setting_is_documented()
    {
        var missing = catalogue.Families.Where(family => family.Summary.Length == 0).Select(family => family.Name)
            .Concat(Everything().Where(kind => kind.Summary.Length == 0).Select(kind => $"{kind.Family}.{kind.Name}"))
            .Concat(Everything().SelectMany(kind =>
                kind.Properties.Where(property => property.Summary.Length == 0)
                .Select(property => $"{kind.Family}.{kind.Name}.{property.Name}")))
            .Concat(Everything().SelectMany(kind =>
                kind.Properties.SelectMany(property =>
                property.Choices.Where(choice => choice.Summary.Length == 0)
                .Select(choice => $"{kind.Family}.{kind.Name}.{property.Name}={choice.Name}"))));
        Assert.That(missing, Is.Empty, "give each a summary");
    }

    [Test]
    public void Every_family_has_kinds() =>
        Assert.That(catalogue.Families.Where(family => family.Kinds.Count == 0).Select(family => family.Name), Is.Empty);

    [Test]
    public void Texts_are_plain() =>
        Assert.That(Everything().SelectMany(kind => kind.Properties.Select(property => property.Summary).Append(kind.Summary))
            .Where(text => text.Contains("cref", StringComparison.Ordinal) || text.Contains("<c>", StringComparison.Ordinal)
            || text.Contains("  ", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void A_kind_is_described_by_its_record()
    {
        var adam = catalogue.Describe("adam").Single();
        Assert.That(adam.Family, Is.EqualTo("optimizer"));
        Assert.That(adam.Summary,
            Is.EqualTo("Adam (Kingma and Ba, 1412.6980); with weight decay it is the decoupled form, AdamW (1711.05101)."));
        Assert.That(adam.Properties[0],
            Is.EqualTo(new PropertyDescription("learningRate", "a number", "from 0 to 10", "0.001", false, "Step size. Default 0.001.",
            adam.Properties[0].Choices)));
    }

    [Test]
    public void Choices_nested_components_and_required_settings_are_shown()
    {
        var gumbel = catalogue.Describe("gumbel-softmax").Single().Properties;
        Assert.That(gumbel[0].Choices.Select(choice => choice.Name),
            Is.EqualTo(["relaxed", "straight-through", "gumbel-rao", "reinmax", "softmax"]));
        Assert.That(gumbel[0].Default, Is.EqualTo("\"straight-through\""));
        Assert.That((gumbel[1].Type, gumbel[1].Default),
            Is.EqualTo(("a number or a schedule (an object with a \"kind\")", """{"kind":"constant"}""")));
        var pretraining = catalogue.Describe("pretraining").Single();
        Assert.That((pretraining.Family, pretraining.Properties[0].Name, pretraining.Properties[0].Required,
            pretraining.Properties[0].Default), Is.EqualTo(("section", "data", true, "")));
        Assert.That(catalogue.Describe("experiment").Single().Properties.Single(property => property.Name == "threads"),
            Has.Property("Default").EqualTo("null").And.Property("Type").EqualTo("a whole number, or null"));
    }

    [Test]
    public void A_name_of_two_families_is_described_twice_and_a_familys_name_gives_all_its_kinds()
    {
        Assert.That(catalogue.Describe("lstm").Select(kind => kind.Family), Is.EquivalentTo(["discriminator", "generator"]));
        Assert.That(catalogue.Describe("constant").Select(kind => kind.Family), Is.EquivalentTo(["baseline", "discriminator", "schedule"]));
        Assert.That(catalogue.Describe("schedule").Select(kind => kind.Name),
            Is.EqualTo(["constant", "linear", "exponential", "cosine", "power", "logarithmic", "sigmoid", "step"]));
    }

    [Test]
    public void An_unknown_name_is_refused_with_the_nearest() =>
        Assert.That(Assert.Throws<InvalidInputException>(() => catalogue.Describe("gumble-softmax"))!.Message,
            Does.StartWith("gumble-softmax: there is no such kind, family or section. Did you mean 'gumbel-softmax'? There are '"));

    [Test]
    public void References_in_comments_are_shown_as_the_json_has_them() =>
        Assert.That(catalogue.Describe("reinforce").Select(kind => kind.Summary), Does.Contain(
            "Policy gradient: ∇E[r] = E[Σ_t (R_t - b_t) ∇ log p(x_t | x_<t)] (REINFORCE; Williams, 1992), or with another loss of the " +
            "advantages."));
}
