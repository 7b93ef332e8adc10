using System.Text.Json.Nodes;

namespace TextGan.Tests.Experiments;

/// <summary>Parts that cannot go together.</summary>
public sealed class ExperimentValidationTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    static IEnumerable<TestCaseData> Contradictions()
    {
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["data"]!["dogs"] =
                JsonNode.Parse("""{ "kind": "labelled", "data": "text", "rule": { "kind": "contains", "text": "a" } }""")),
            "$.data.dogs.data: there is no data set \"text\"; the experiment's 'data' has 'texts', 'pairs' and 'dogs'. Did you mean " +
            "'texts'?") { TestName = "A_labelled_set_is_made_of_another" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["data"]!["dogs"] =
                JsonNode.Parse("""{ "kind": "labelled", "data": "dogs", "rule": { "kind": "contains", "text": "a" } }""")),
            "$.data.dogs.data: the data set \"dogs\" is itself made of others; name those.") {
                TestName = "A_labelled_set_is_not_made_of_a_labelled_one" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["data"]!["all"] = JsonNode.Parse("""{ "kind": "union", "data": ["texts", "pair"] }""")),
            "$.data.all.data[1]: there is no data set \"pair\"; the experiment's 'data' has 'texts', 'pairs' and 'all'. Did you mean " +
            "'pairs'?") { TestName = "A_union_is_made_of_others" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["data"]!["all"] = JsonNode.Parse("""{ "kind": "union", "data": ["texts", "texts"] }""")),
            "$.data.all.data: [texts, texts] found; at least two names of data sets are needed, none of them twice.") {
                TestName = "A_union_has_no_set_twice" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["data"]!["all"] =
                JsonNode.Parse("""{ "kind": "union", "data": ["pairs", "texts"], "pairs": true }""")),
            "$.data.all.data[1]: the data set \"texts\" has no rejected texts, which \"pairs\" takes over from all sets.") {
                TestName = "A_union_of_pairs_has_pairs_only" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e =>
            {
                e["data"]!["all"] = JsonNode.Parse("""{ "kind": "union", "data": ["texts", "pairs"] }""");
                e["prompts"] = "all";
            }),
            "$.prompts: the data set \"all\" is made of several, each of which may write its prompts in its own way; name one of them.") {
                TestName = "A_union_gives_no_prompts" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["discriminators"]![0]!["opponents"] = new JsonObject { ["rejected"] = 1 }),
            "$.discriminators[0].opponents.rejected: the data set 'texts' has no rejected texts to learn from; choose one with pairs of " +
            "a chosen and a rejected text (here: 'pairs'), or leave the share at 0.") { TestName = "Rejected_opponents_need_pairs" };
        foreach (var (key, value, message) in ((string, string, string)[])[
            ("opponents", """{ "replayed": 1 }""",
                "opponents.replayed: the loss compares each generated text with the real text of the same prompt, and replayed texts " +
                "answer other prompts; leave the share at 0, or take another loss."),
            ("match", """{ "length": true }""",
                "match: the loss compares each generated text with the real text of the same prompt, so that real texts cannot be chosen " +
                "otherwise; leave it out, or take another loss.")])
            yield return new TestCaseData((Action<JsonObject>)(e =>
            {
                e["prompts"] = "texts";
                e["discriminators"]![0]!["loss"] = new JsonObject { ["kind"] = "bradley-terry" };
                e["discriminators"]![0]![key] = JsonNode.Parse(value);
            }), $"$.discriminators[0].{message}") { TestName = $"Pairs_of_one_prompt_leave_no_room_for_{key}" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["discriminators"]![1]!["loss"], e["discriminators"]![1]!["opponents"]) =
            (new JsonObject { ["kind"] = "bradley-terry" }, new JsonObject())),
            "$.discriminators[1].opponents: the loss compares each chosen text with its rejected one, but no rejected texts are among " +
            "the opponents; write \"opponents\": { \"generated\": 0, \"rejected\": 1 }, or give both a " +
            "share.") { TestName = "A_loss_of_pairs_needs_rejected_opponents" };
        foreach (var (generated, rejected, name) in ((double, double, string)[])[(1, 9, "generated"), (20, 1, "rejected")])
            yield return new TestCaseData((Action<JsonObject>)(e =>
                (e["discriminators"]![1]!["batch"], e["discriminators"]![1]!["opponents"]) =
                (4, new JsonObject { ["generated"] = generated, ["rejected"] = rejected })),
                $"$.discriminators[1].opponents.{name}: is 1, which is no text of 4 ('batch'); take a larger share or batch, or " +
                "leave it at 0.") { TestName = $"A_share_of_{name}_texts_is_a_text_at_least" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!.AsObject().Remove("data")),
            "$.discriminators[0]: the key 'data' is missing; a discriminator that learns must name the data set of its real texts. The " +
            "experiment's 'data' has 'texts' and 'pairs'.") { TestName = "A_discriminator_that_learns_needs_data" };
        foreach (var (name, problem) in ((string, string)[])[
            ("text", "there is no data set \"text\"; the experiment's 'data' has 'texts' and 'pairs'. Did you mean 'texts'?"),
            ("pairs", "the data set 'pairs' is drawn from no known distribution, which this teacher asks; kinds that are: 'grammar', " +
                "'oracle-lstm' and 'enumerable' (here: none).")])
            yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0] = JsonNode.Parse($$"""
                { "kind": "bag", "name": "p", "loss": { "kind": "bradley-terry" }, "teacherPreference": {
                  "teacher": { "kind": "attribute", "data": "{{name}}", "attribute": "helpful" } } }
                """)), "$.discriminators[0].teacherPreference.teacher.data: " + problem) { TestName = $"A_teacher_asks_data_{name}" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["match"] = new JsonObject { ["judge"] = "bettr" }),
            "$.discriminators[0].match.judge: there is no other discriminator \"bettr\"; the experiment's others are 'better'. Did you " +
            "mean 'better'?") { TestName = "A_matched_judge_is_another_discriminator" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["match"] = new JsonObject { ["judge"] = "real" }),
            "$.discriminators[0].match.judge: there is no other discriminator \"real\"; the experiment's others are 'better'.") {
                TestName = "A_discriminator_does_not_match_itself" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["match"] = new JsonObject()),
            "$.discriminators[0].match: says nothing to match; give a 'judge', a 'rule', or \"length\": true.") {
                TestName = "Something_is_matched" };
        yield return new TestCaseData((Action<JsonObject>)(e => (e["discriminators"]![1]!["match"], e["discriminators"]![1]!["opponents"]) =
                (new JsonObject { ["length"] = true }, new JsonObject { ["generated"] = 0, ["rejected"] = 1 })),
            "$.discriminators[1].match: real texts are matched to generated ones, but 'opponents.generated' is 0; leave out one of the " +
            "two.") { TestName = "Real_texts_are_matched_to_generated_ones" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![1]!["opponents"] = new JsonObject {
                ["generated"] = 0, ["rejected"] = 1, ["replayed"] = 1 }),
            "$.discriminators[1].opponents.replayed: is 1, but 'generated' is 0: only generated texts that the discriminator has learnt " +
            "from are replayed.") { TestName = "Generated_texts_are_replayed" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0] = new JsonObject {
                ["kind"] = "constant", ["name"] = "real", ["spectralNorm"] = 1 }),
            "$.discriminators[0].spectralNorm: this kind of discriminator does not learn; leave it out.") {
                TestName = "What_does_not_learn_needs_no_keeping_honest" };
        foreach (var (name, change, message) in ((string, Action<JsonObject>, string)[])[
            ("Leaks_come_from_a_discriminator", e => e["generator"]!["discriminator"] = "reel",
                "generator.discriminator: there is no discriminator \"reel\"; the experiment's 'discriminators' has 'real' and 'better'. " +
                "Did you mean 'real'?"),
            ("Leaks_are_features", e => e["discriminators"]![0] = JsonNode.Parse(
                """{ "name": "real", "kind": "transformer", "data": "texts" }"""),
                "generator.discriminator: the discriminator \"real\" shows no features of whole texts; take a \"cnn\", a \"bag\" or an " +
                "\"lstm\" with a logit per sequence."),
            ("Leaks_are_of_no_prompts", e => e["prompts"] = "texts",
                "prompts: the generator \"leak\" does not support prompts; leave 'prompts' out, or take another generator."),
            ("Leaks_are_read_from_drawn_texts", e => e["estimator"] = JsonNode.Parse("""{ "kind": "gumbel-softmax" }"""),
                "estimator: the generator \"leak\" needs the estimator 'reinforce': it reads features of token ids, which relaxed tokens " +
                "do not have."),
            ("Goals_need_a_manager", e => (e["generator"], e["regularizers"]) =
                (JsonNode.Parse("""{ "kind": "lstm" }"""), new JsonObject { ["manager"] = 1 }),
                "regularizers.manager: has a weight, but the generator has no manager that sets goals; leave it out, or take the " +
                "generator \"leak\"."),
            ("Intrinsic_rewards_are_of_fresh_texts", e => (e["estimator"], e["regularizers"]) =
                (JsonNode.Parse("""{ "kind": "reinforce", "loss": "clipped", "epochs": 2 }"""), new JsonObject { ["intrinsic"] = 1 }),
                "regularizers.intrinsic: is only valid for texts that the generator has just written, but 2 × 1 updates (epochs × " +
                "minibatches) are made from each batch; leave both at 1."),
            ("Managers_read_advantages", e => (e["normalization"], e["regularizers"]) =
                (new JsonObject { ["order"] = "sum-then-normalize" }, new JsonObject { ["manager"] = 1 }),
                "normalization.order: is \"sum-then-normalize\", so that no discriminator has an advantage of its own that " +
                "'regularizers.manager' could read; take \"normalize-then-sum\"."),
            ("Mediators_read_no_features", e => e["regularizers"] = JsonNode.Parse(
                """{ "mediator": { "data": "texts", "model": { "kind": "leak", "discriminator": "real" } } }"""),
                "regularizers.mediator.model: reads a discriminator's features, and there is none here; take another kind."),
            ("Ranks_need_others", e => e["estimator"] = JsonNode.Parse(
                """{ "kind": "reinforce", "rankRescaling": {}, "groupSize": 1, "baseline": { "kind": "none" } }"""),
                "estimator.groupSize: a group of 1 has no other text that 'rankRescaling' could rank it among; take 2 or more, or leave " +
                "it out."),
            ("Ranks_are_no_sums_of_rewards", e => e["estimator"] = JsonNode.Parse(
                """{ "kind": "reinforce", "rankRescaling": {}, "baseline": { "kind": "critic", "lambda": 0.9 } }"""),
                "estimator.baseline.lambda: 'rankRescaling' leaves no sums of rewards that a critic could take the place of; leave it at " +
                "1, or take another baseline."),
        ])
            yield return new TestCaseData((Action<JsonObject>)(e =>
            {
                (e["generator"], e["estimator"]) = (JsonNode.Parse("""{ "kind": "leak", "discriminator": "real" }"""), new JsonObject {
                    ["kind"] = "reinforce" });
                change(e);
            }), "$." + message) { TestName = name };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["name"] = "entropy"),
            "$.discriminators[0].name: the name 'entropy' is that of a term of the objective; 'entropy', 'likelihood', 'kl', " +
            "'distillation', 'mediator', 'manager' and 'intrinsic' are taken.") { TestName = "Names_of_terms_are_taken" };
        yield return new TestCaseData((Action<JsonObject>)(e => (e["estimator"], e["regularizers"]) =
            (JsonNode.Parse("""{ "kind": "gumbel-softmax" }"""), JsonNode.Parse("""{ "kl": { "kind": "reward", "weight": 0.1 } }"""))),
            "$.regularizers.kl.kind: only the estimator 'reinforce' has rewards that the KL could be added to; take \"loss\", or that " +
            "estimator.") { TestName = "A_kl_in_the_reward_needs_rewards" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["regularizers"] =
            JsonNode.Parse("""{ "kl": { "kind": "loss", "adaptive": {} } }""")),
            "$.regularizers.kl.weight: an adaptive weight is multiplied from step to step, and 0 stays 0; give a weight to start with.") {
                TestName = "An_adaptive_weight_starts_above_0" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["regularizers"] =
            JsonNode.Parse("""{ "kl": { "kind": "loss", "weight": 1, "adaptive": { "horizon": 3 } } }""")),
            "$.regularizers.kl.adaptive.horizon: 3 texts are less than one batch of 4 ('training.batch'); take at least a batch.") {
                TestName = "A_horizon_has_a_batch" };
        yield return new TestCaseData((Action<JsonObject>)(e => (e["regularizers"], e["combiner"]!["weights"]!["kl"]) =
            (JsonNode.Parse("""{ "kl": { "kind": "loss", "weight": 1, "adaptive": {} } }"""), 1)),
            "$.regularizers.kl.adaptive: the combiner has a schedule for the weight of 'kl'; it can follow one of the two.") {
                TestName = "A_weight_is_scheduled_or_adaptive" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["regularizers"] =
            JsonNode.Parse("""{ "kl": { "kind": "loss", "weight": 1, "estimator": "k1" } }""")),
            "$.regularizers.kl.estimator: \"k1\" is unknown; expected one of 'exact', 'k2' and 'k3'. Did you mean 'k2'?") {
                TestName = "K1_is_no_loss" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["estimator"] = JsonNode.Parse(
            """{ "kind": "reinforce", "credit": { "kind": "rollouts" }, "baseline": { "kind": "critic", "lambda": 0.9 } }""")),
            "$.estimator.baseline.lambda: the returns of the credit 'rollouts' are estimates for each prefix, not sums of rewards that a " +
            "critic could take the place of; leave it at 1, or take the credit 'sequence' or 'per-step'.") {
                TestName = "Generalised_advantages_need_rewards" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["estimator"] =
            JsonNode.Parse("""{ "kind": "reinforce", "baseline": { "kind": "critic", "clip": 0.2 } }""")),
            "$.estimator.baseline.clip: in the first pass over a batch the value is the old one, so that there is nothing to clip; set " +
            "\"everyPass\" to true, or leave it at 0.") { TestName = "Clipped_values_need_later_passes" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["device"] = "auto"),
            "$.discriminators[0].device: the device \"auto\" is unknown; allowed are 'cpu', 'cuda' and 'cuda:N', or nothing for the " +
            "experiment's.") { TestName = "A_discriminators_device_is_a_device" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => (e["pretraining"], e["regularizers"]) = (null, new JsonObject { ["likelihood"] = 1 })),
            "$.regularizers.likelihood: there is no data set whose likelihood could be mixed in: the experiment has no 'pretraining'; " +
            "name one as 'likelihoodData'.") { TestName = "Likelihood_needs_data" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["pretraining"], e["regularizers"], e["combiner"]!["weights"]!["likelihood"]) = (null, new JsonObject(), 1)),
            "$.combiner.weights.likelihood: there is no data set whose likelihood could be mixed in: the experiment has no " +
            "'pretraining'; name one as 'likelihoodData'.") { TestName = "Scheduled_likelihood_needs_data" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["estimator"] =
            JsonNode.Parse("""{ "kind": "gumbel-softmax", "temperature": { "kind": "linear", "from": 1 } }""")),
            "$.estimator.temperature: the schedule reaches 0; the temperature divides logits and must stay above 0.") {
                TestName = "Temperatures_stay_above_0" };
        foreach (var (more, message, name) in ((string, string, string)[])[
            ("\"inverseTemperature\": { \"kind\": \"power\" }", "the schedule reaches 0; the inverse temperature multiplies logits and " +
                "must stay above 0.", "Inverse_temperatures_stay_above_0"),
            ("\"inverseTemperature\": 2, \"temperature\": 0.5", "and 'temperature' are both given; keep one.",
                "A_temperature_is_given_once")])
            yield return new TestCaseData((Action<JsonObject>)(e =>
                e["estimator"] = JsonNode.Parse($$"""{ "kind": "gumbel-softmax", {{more}} }""")),
                $"$.estimator.inverseTemperature: {message}") { TestName = name };
        yield return new TestCaseData((Action<JsonObject>)(e => e["evaluation"]!["metrics"]!.AsArray().Add(
            JsonNode.Parse("""{ "kind": "nll", "data": "texts", "limit": 5 }"""))),
            "$.evaluation.metrics[2]: its values would have the names of those of $.evaluation.metrics[0]; keep one of the two.") {
                TestName = "Metrics_do_not_overwrite_each_other" };
        yield return new TestCaseData((Action<JsonObject>)(e => (e["evaluation"]!["metrics"], e["evaluation"]!["sampling"]) = (
            JsonNode.Parse("""[{ "kind": "nll", "data": "texts", "tempered": true }]"""), JsonNode.Parse("""{ "topK": 3 }"""))),
            "$.evaluation.metrics[0].tempered: the likelihood of real text is then that of what is drawn, but 'evaluation.sampling' " +
            "never draws some tokens (top-k, top-p or a temperature of 0), so that it would be infinite; take a temperature alone, or " +
            "leave this out.") { TestName = "What_is_never_drawn_has_no_likelihood" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["combiner"]!["weights"]!["beter"] = 1),
            "$.combiner.weights.beter: there is no term \"beter\"; the objective's terms are 'real', 'better', 'entropy', 'likelihood', " +
            "'kl', 'distillation', 'mediator', 'manager' and 'intrinsic'. Did you mean 'better'?") { TestName = "Schedules_are_of_terms" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["discriminators"]![1]!["opponents"] = new JsonObject { ["generated"] = 0 }),
            "$.discriminators[1].opponents: both shares are 0; at least one of 'generated' and 'rejected' must be positive.") {
                TestName = "Records_check_themselves" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["widths"] = new JsonArray(2, 17)),
            "$.discriminators[0].widths: holds 17, which is wider than a text: the experiment's 'length' is 16, and no width may exceed " +
            "it.") { TestName = "No_width_exceeds_a_text" };
        foreach (var (every, estimator, key, value, message) in ((int, string, string, string, string)[])[
            (7, "gumbel-softmax", "logEvery", "5", ".every: is 7, but values are logged every 5 iterations ('training.logEvery'), so " +
                "that some measurements would be lost; take a multiple of that."),
            (5, "expert-iteration", "logEvery", "5", ": the estimator 'expert-iteration' has one gradient for all discriminators, but " +
                "conflict is measured between one gradient for each; leave it out, or take another estimator."),
            (5, "gumbel-softmax", "batch", "1", ": each term is compared with itself over two halves of an update's texts, but 1 text " +
                "cannot be halved; take more ('training.batch')."),
            (5, "reinforce\",\"groupSize\":4,\"minibatches\":2,\"loss\":\"clipped\",\"x\":\"", "batch", "8", ": each term is compared " +
                "with itself over two halves of an update's texts, but 4 texts in groups of 4 cannot be halved; take more " +
                "('training.batch').")])
            yield return new TestCaseData((Action<JsonObject>)(e =>
            {
                e["estimator"] = JsonNode.Parse($$"""{ "kind": "{{estimator}}" }""");
                e["estimator"]!.AsObject().Remove("x");
                e["training"] = JsonNode.Parse($$"""{ "iterations": 5, "batch": 4, "conflict": { "every": {{every}} } }""");
                e["training"]![key] = int.Parse(value);
                e["normalization"] = null;
                e["discriminators"]![1]!["batch"] = 4;
                e.Remove("combiner");
            }), "$.training.conflict" + message) { TestName = $"Conflict_is_measured_{every}_{estimator[..6]}_{key}_{value}" };
        yield return new TestCaseData((Action<JsonObject>)(e =>
                (e["training"]!["conflict"], e["normalization"]!["order"]) = (new JsonObject(), "sum-then-normalize")),
            "$.training.conflict: 'normalization.order' is \"sum-then-normalize\", which makes one signal of all discriminators, but " +
            "conflict is measured between one gradient for each; leave it out, or take \"normalize-then-sum\".") {
                TestName = "Conflict_needs_a_signal_for_each_discriminator" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["training"]!["conflict"] = JsonNode.Parse("""{ "every": 0 }""")),
            "$.training.conflict.every: 0 is out of range; expected a whole number from 1 to 100000000.") {
                TestName = "Conflict_is_measured_every_1_or_more" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["estimator"], e["discriminators"]![1]!["output"]) =
            (JsonNode.Parse("{ \"kind\": \"reinforce\", \"credit\": { \"kind\": \"per-step\" } }"), "per-step")),
            "$.discriminators[0]: the discriminator 'real' gives no logit for each token, which the credit 'per-step' makes its rewards " +
            "of; take an \"lstm\" with \"output\": \"per-step\", or the credit 'sequence' or " +
            "'rollouts'.") { TestName = "Step_rewards_need_step_logits" };
        yield return new TestCaseData((Action<JsonObject>)(e =>
            {
                e["estimator"] = JsonNode.Parse(
                    "{ \"kind\": \"reinforce\", \"reward\": \"negative-loss\", \"credit\": { \"kind\": \"per-step\" } }");
                e["discriminators"]!.AsArray().RemoveAt(0);
                (e["discriminators"]![0]!["output"], e["discriminators"]![0]!["loss"]) =
                    ("per-step", new JsonObject { ["kind"] = "relativistic" });
            }),
            "$.discriminators[0].loss: with the credit 'per-step' and the reward 'negative-loss' a step of a text would be compared with " +
            "a step of a real text that may have ended; take another loss, or another credit or " +
            "reward.") { TestName = "Steps_are_not_compared" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => e["discriminators"]![0] = JsonNode.Parse(
            "{ \"name\": \"control\", \"kind\": \"constant\", \"loss\": { \"kind\": \"relativistic\" } }")),
            "$.discriminators[0]: the key 'data' is missing; the generator's part of this loss compares with real texts. Name a data " +
            "set, or take another loss.") { TestName = "A_comparison_needs_real_texts" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["pretraining"]!["patience"], e["data"]!["texts"]!["heldOut"], e["evaluation"]!["metrics"]![0]!["split"]) =
            (3, 0, "train")),
            "$.pretraining.patience: is 3, but the data set 'texts' holds no texts out, so that no loss on them can stop falling; set " +
            "its 'heldOut', or 'patience' to 0.") { TestName = "Patience_needs_held_out_texts" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["data"]!["texts"]!["heldOut"] = 0),
            "$.evaluation.metrics[0].data: the data set 'texts' holds no texts out, with which this metric compares; set its 'heldOut', " +
            "or this metric's \"split\" to \"train\".") { TestName = "Held_out_metrics_need_held_out_texts" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => e["evaluation"]!["metrics"]![1] = JsonNode.Parse("{ \"kind\": \"source-nll\", \"data\": \"pairs\" }")),
            "$.evaluation.metrics[1].data: the data set 'pairs' is drawn from no known distribution, by which this metric measures; " +
            "kinds that are: 'grammar', 'oracle-lstm' and 'enumerable' (here: none).") { TestName = "Exact_metrics_need_an_exact_source" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["discriminators"]![0]!["widths"] = new JsonArray(0)),
            "$.discriminators[0].widths[0]: is 0; a width is at least 1.") { TestName = "Records_check_their_lists" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["estimator"] = JsonNode.Parse("{ \"kind\": \"reinforce\", \"groupSize\": 3 }")),
            "$.estimator.groupSize: the batch of 4 texts ('training.batch') cannot be divided into groups of 3; take a divisor of it.") {
                TestName = "Groups_divide_the_batch" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => e["estimator"] = JsonNode.Parse("{ \"kind\": \"reinforce\", \"loss\": \"clipped\", \"minibatches\": 3 }")),
            "$.estimator.minibatches: the batch of 4 texts ('training.batch') cannot be divided into 3 equal minibatches; take a divisor " +
            "of it.") { TestName = "Minibatches_divide_the_batch" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["estimator"] = JsonNode.Parse("{ \"kind\": \"reinforce\", \"epochs\": 2, \"minibatches\": 2 }")),
            "$.estimator.loss: this loss is only valid for texts that the generator has just written, but 2 × 2 updates (epochs × " +
            "minibatches) are made from each batch, and after the first the generator is another; take another, such as \"clipped\", or " +
            "leave both at 1.") { TestName = "Several_updates_need_another_loss" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => e["estimator"] = JsonNode.Parse("{ \"kind\": \"reinforce\", \"groupSize\": 1 }")),
            "$.estimator.groupSize: a group of 1 has no other text whose reward \"leave-one-out\" could take the mean of; take 2 or " +
            "more, or another baseline.") { TestName = "A_group_of_1_has_no_others" };
        yield return new TestCaseData((Action<JsonObject>)(e => e["normalization"] = new JsonObject { ["statistics"] = "group" }),
            "$.normalization.statistics: there are no groups: only the estimator 'reinforce' has them; take \"batch\" or \"earlier\".") {
                TestName = "Relaxed_texts_have_no_groups" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["estimator"], e["normalization"]) =
            (new JsonObject { ["kind"] = "reinforce" }, new JsonObject { ["statistics"] = "group" })),
            "$.normalization.statistics: a text cannot be compared within its group: set 'estimator.groupSize' to 2 or more, or take " +
            "\"batch\" or \"earlier\".") { TestName = "Statistics_of_groups_need_groups" };
        yield return new TestCaseData(
            (Action<JsonObject>)(e => (e["training"]!["batch"], e["discriminators"]![1]!["batch"], e["normalization"]) =
                (1, 4, new JsonObject { ["statistics"] = "batch" })),
            "$.normalization.statistics: a batch of one text has no deviation; take a larger 'training.batch', or \"earlier\".") {
                TestName = "A_batch_of_1_has_no_statistics" };
        yield return new TestCaseData(
            (Action<JsonObject>)(
            e => (e["combiner"], e["normalization"]) =
            (new JsonObject { ["kind"] = "pcgrad" }, new JsonObject { ["order"] = "sum-then-normalize" })),
            "$.normalization.order: \"sum-then-normalize\" makes one signal of all discriminators, but the combiner mixes one gradient " +
            "for each; take \"normalize-then-sum\", or a combiner of values.") { TestName = "Gradients_need_a_signal_each" };
    }

    [TestCaseSource(nameof(Contradictions))]
    public void A_contradiction_is_reported_alone(Action<JsonObject> change, string problem) =>
        Assert.That(folder.Problems(ExperimentFolder.Changed(change).ToJsonString()),
            Is.EqualTo(new[] { "experiment.json:1: " + problem }));

    [TestCase("cl100k_base")]
    [TestCase("o200k_base")]
    public void Choices_bear_their_published_names(string encoding)
    {
        var json = ExperimentFolder.Changed(e => e["tokenizer"] = new JsonObject { ["kind"] = "tiktoken", ["encoding"] = encoding })
            .ToJsonString();
        Assert.That(folder.One(json).Resolved["tokenizer"]!["encoding"]!.GetValue<string>(), Is.EqualTo(encoding));
    }

    [Test]
    public void Controls_need_no_data() =>
        Assert.That(folder.One(
            ExperimentFolder.Changed(e => e["discriminators"]![0] = new JsonObject { ["name"] = "control", ["kind"] = "constant" })
            .ToJsonString()).Options.Discriminators[0].Learns, Is.False);
}
