using TextGan.Data.Teachers;
using TextGan.Learning.Updates;

namespace TextGan.Experiments.Reading;

/// <summary>Checks what teachers read, and where they are asked.</summary>
static class TeacherValidation
{
    /// <summary>The JSON path of the teacher that a discriminator asks in a section ("teacherPreference", "oracleQuery").</summary>
    public static string PlaceIn(int discriminator, string section) => $"$.discriminators[{discriminator}].{section}.teacher";

    /// <summary>The teachers that discriminators ask, each with the discriminator's number and its JSON path.</summary>
    public static IEnumerable<(int Discriminator, string Place, TeacherOptions Teacher)> TeachersOf(ExperimentOptions options)
    {
        foreach (var (index, one) in options.Discriminators.Index())
        {
            if (one.TeacherPreference?.Teacher is { } preferring) yield return (index, PlaceIn(index, "teacherPreference"), preferring);
            if (one.OracleQuery?.Teacher is { } labelling) yield return (index, PlaceIn(index, "oracleQuery"), labelling);
        }
    }

    public static IEnumerable<Problem> Check(ExperimentOptions options)
    {
        foreach (var (_, place, teacher) in TeachersOf(options))
        {
            if (teacher.ReadsData is not { } name || options.Data.GetValueOrDefault(name) is not { HasNoExactSource: true }) continue;
            yield return new($"{place}.data",
                $"the data set '{name}' is drawn from no known distribution, which this teacher asks; kinds that are: 'grammar', " +
                $"'oracle-lstm' and 'enumerable' (here: " +
                $"{Wording.List(options.Data.Where(set => !set.Value.HasNoExactSource).Select(set => set.Key))}).");
        }
        if (options.Prompts is null) yield break;
        var size = options.Estimator is PolicyGradientOptions { GroupSize: { } given } ? given : 1;
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (options.Discriminators[k].TeacherPreference is null || size % 2 == 0) continue;
            yield return new($"$.discriminators[{k}].teacherPreference",
                "both texts of a pair answer the same prompt, so groups of texts are needed that can be divided into pairs; " +
                (options.Estimator is PolicyGradientOptions
                    ? $"'estimator.groupSize' must be even, and it is {(size == 1 ? "not set" : size)}."
                    : "only the estimator 'reinforce' has groups, with an even 'groupSize'."));
        }
    }
}
