namespace FerSharp.Training;

/// <summary>Pictures and targets of one step. The buffers are reused.</summary>
internal sealed class Batch(int size, int maxSide, int embedding)
{
    private readonly float[] _pixels = new float[size * maxSide * maxSide];

    /// <summary>How many pictures.</summary>
    public int Count => size;

    /// <summary>Side of this batch's pictures.</summary>
    public int Side { get; set; }

    /// <summary>Gray levels 0 to 255, picture after picture.</summary>
    public Memory<float> Pixels => _pixels.AsMemory(0, size * Side * Side);

    /// <summary>For each value of each embedding: 0 where it is dropped, else what makes up for those that are.</summary>
    public float[] Kept { get; } = new float[size * embedding];

    /// <summary>FER-2013's label of each picture as weights of classes; all 0 where it has none.</summary>
    public float[] Fer2013 { get; } = new float[size * ExpressionNetwork.Fer2013Classes];

    /// <summary>FER+'s votes for each picture as weights of classes; all 0 where it has none.</summary>
    public float[] Consensus { get; } = new float[size * ExpressionNetwork.ConsensusClasses];
}
