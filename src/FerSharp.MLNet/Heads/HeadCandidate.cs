namespace FerSharp.MLNet;

/// <summary>What a trainer with its settings reached on the folds: each face was read by a head that had not seen it.</summary>
/// <param name="Algorithm">The trainer.</param>
/// <param name="Settings">Its settings, such as <c>l2=1</c>.</param>
/// <param name="Accuracy">Share of right answers, 0 to 1.</param>
/// <param name="MacroF1">Mean of the expressions' F1, 0 to 1.</param>
/// <param name="LogLoss">Mean of -ln of the right expression's probability, before the temperature.</param>
public sealed record HeadCandidate(HeadAlgorithm Algorithm, string Settings, double Accuracy, double MacroF1, double LogLoss)
{
    internal double Value(HeadMetric metric) => metric == HeadMetric.Accuracy ? Accuracy : MacroF1;
}
