namespace FerSharp.Evaluation;

/// <summary>What annotators' votes (FER+) say about the labels. Immutable.</summary>
/// <param name="Voted">Pictures with votes for expressions.</param>
/// <param name="Labelled">Those among them that have a label.</param>
/// <param name="Agreeing">Those among the labelled whose label has more votes than any other expression.</param>
/// <param name="MeanVoteShare">Mean share of the votes that the label has, 0 to 1, over the labelled; NaN where none is.</param>
/// <param name="MeanEntropy">Mean entropy of the votes in bits, 0 (all agree) to 3 (all eight alike): <c>-sum p log2 p</c>.</param>
/// <param name="WithoutMajority">Pictures in which no expression has more than half of the votes for expressions. (<see cref="LabelSet.FerPlusMajority"/> drops single votes first, so it finds more majorities.)</param>
public sealed record VoteStatistics(int Voted, int Labelled, int Agreeing, double MeanVoteShare, double MeanEntropy, int WithoutMajority)
{
    /// <summary>Share of the labelled pictures whose label has the most votes, 0 to 1; NaN where none is labelled.</summary>
    public double Agreement => (double)Agreeing / Labelled;

    /// <summary>Share of the pictures with votes that have no majority, 0 to 1.</summary>
    public double ShareWithoutMajority => (double)WithoutMajority / Voted;

    internal static VoteStatistics? Of(IReadOnlyList<FaceSample> samples)
    {
        int voted = 0, labelled = 0, agreeing = 0, without = 0;
        double entropy = 0, share = 0;
        foreach (FaceSample sample in samples)
        {
            if (sample.Votes is not { } votes)
            {
                continue;
            }

            voted++;
            float top = votes.Max();
            // Shares are rounded quotients of small counts: none lies between a half and this.
            without += top <= 0.5f + 1e-6f ? 1 : 0;
            entropy -= votes.Sum(p => p > 0 ? p * Math.Log2(p) : 0);
            if (sample.Label is { } label)
            {
                labelled++;
                share += votes[(int)label];
                agreeing += votes[(int)label] == top && votes.Count(vote => vote == top) == 1 ? 1 : 0;
            }
        }

        return voted == 0 ? null : new VoteStatistics(voted, labelled, agreeing, share / labelled, Math.Abs(entropy / voted), without);
    }
}
