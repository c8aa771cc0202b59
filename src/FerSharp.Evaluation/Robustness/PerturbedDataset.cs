using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerSharp.Evaluation;

/// <summary>A data set whose pictures are perturbed as they are loaded. Samples, faults and labels are those of the original.</summary>
/// <remarks>
/// <see cref="DatasetInfo.Split"/> names the perturbation and the hash depends on it, so no figure of it can be taken for one of the
/// original. Pictures do not depend on the order in which they are loaded, nor on threads. Thread-safe.
/// </remarks>
public sealed class PerturbedDataset : FaceDataset
{
    private readonly FaceDataset _original;
    private readonly ulong _seed;
    private readonly IReadOnlyList<RectF?>? _faces;
    private readonly byte[] _hash;

    /// <summary>Makes the view. Pictures are taken for face crops, as <see cref="FaceDataset.Load"/> promises.</summary>
    /// <param name="original">The data set; borrowed.</param>
    /// <param name="perturbation">What to do to each picture.</param>
    /// <param name="seed">Another seed gives other noise and other places of occlusion.</param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> or <paramref name="perturbation"/> is null.</exception>
    public PerturbedDataset(FaceDataset original, Perturbation perturbation, ulong seed = 1)
        : this(original, perturbation, seed, null)
    {
    }

    /// <summary>The same for pictures that are no face crops: <paramref name="faces"/> says for each sample where its face is, null for the whole picture.</summary>
    internal PerturbedDataset(FaceDataset original, Perturbation perturbation, ulong seed, IReadOnlyList<RectF?>? faces)
        : base(Describe(original, perturbation, seed, faces), original.Samples, original.Faults, original.LeftOut)
    {
        _original = original;
        _seed = seed;
        _faces = faces;
        _hash = Convert.FromHexString(Info.Sha256);
        Perturbation = perturbation;
    }

    /// <summary>What is done to each picture.</summary>
    public Perturbation Perturbation { get; }

    /// <inheritdoc/>
    public override Frame Load(int index)
    {
        CheckIndex(index);
        using Frame frame = _original.Load(index);
        return Perturbation.Apply(frame.View, Samples[index].Id, _seed, _faces?[index]);
    }

    /// <summary>Not the pixels, which are made on loading, but a hash of all that they follow from: so that the hash of a part shows the perturbation, too.</summary>
    internal override ReadOnlySpan<byte> PixelsInMemory(int index) => _hash;

    private static DatasetInfo Describe(FaceDataset original, Perturbation perturbation, ulong seed, IReadOnlyList<RectF?>? faces)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(perturbation);
        string what = string.Create(CultureInfo.InvariantCulture, $"{perturbation}, seed {seed}");
        var text = new StringBuilder(original.Info.Sha256).Append('\n').Append(what);
        foreach (RectF? face in faces ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{face?.X:R} {face?.Y:R} {face?.Width:R} {face?.Height:R}");
        }

        return original.Info with
        {
            Split = original.Info.Split.Length > 0 ? $"{original.Info.Split}, {what}" : what,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))),
        };
    }
}
