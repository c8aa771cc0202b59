using System.Globalization;

namespace FerSharp.Evaluation;

/// <summary>What a <see cref="Perturbation"/> does to a picture. Strengths are in the unit that is given here.</summary>
/// <remarks>
/// Lengths are measured on the face, so that a strength means the same for pictures of all sizes. Noise and JPEG act on pixels: a model that
/// reduces a large picture averages part of them away, as it would with a camera's.
/// </remarks>
public enum PerturbationKind
{
    /// <summary>Gaussian blur. Strength: sigma in 48ths of the face's shorter side (pixels of a picture of FER-2013), 0 to 24; 0 changes nothing.</summary>
    Blur = 1,

    /// <summary>Gaussian noise, independent in every pixel and channel. Strength: standard deviation in pixel levels, 0 to 255; 0 changes nothing.</summary>
    Noise = 2,

    /// <summary>Darkness or glare: <c>255 (v / 255)^g</c> in every channel. Strength: g, 0.05 to 20; above 1 darkens, 1 changes nothing.</summary>
    Gamma = 3,

    /// <summary>JPEG compression. Strength: quality, a whole number from 1 (worst) to 100.</summary>
    Jpeg = 4,

    /// <summary>Rotation about the face's centre; the picture's edge goes on outside. Strength: degrees clockwise, -360 to 360; full turns change nothing.</summary>
    Rotation = 5,

    /// <summary>Reduction (area mean) and enlargement (bilinear) to the old size. Strength: what the face's shorter side is reduced to, in pixels, 1 to 10,000; nothing changes where it has no more.</summary>
    Downscale = 6,

    /// <summary>A gray rectangle of the face's shape at a random place on the face. Strength: share of the face's area that it covers, 0 to 1; 0 changes nothing.</summary>
    Occlusion = 7,
}

/// <summary>One way to make a picture worse, with its strength. Immutable, thread-safe.</summary>
public sealed record Perturbation
{
    /// <summary>Makes the perturbation.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="strength">How strongly, in the unit of the kind.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such kind, or a strength outside its range.</exception>
    public Perturbation(PerturbationKind kind, double strength)
    {
        (double least, double most) = kind switch
        {
            PerturbationKind.Blur => (0, 24),
            PerturbationKind.Noise => (0, 255),
            PerturbationKind.Gamma => (0.05, 20),
            PerturbationKind.Jpeg => (1, 100),
            PerturbationKind.Rotation => (-360, 360),
            PerturbationKind.Downscale => (1, 10_000),
            PerturbationKind.Occlusion => (0.0, 1.0),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of perturbation."),
        };
        if (!(strength >= least && strength <= most) || (kind == PerturbationKind.Jpeg && strength != Math.Round(strength)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(strength), strength, string.Create(CultureInfo.InvariantCulture, $"The strength of {kind} is {(kind == PerturbationKind.Jpeg ? "a whole number" : "a number")} from {least} to {most}: {UnitOf(kind)}."));
        }

        Kind = kind;
        Strength = strength;
    }

    /// <summary>
    /// What <see cref="RobustnessRunner"/> runs unless told otherwise: blur 0.5, 1, 2, 4; noise 8, 16, 32, 64; gamma 0.5, 2, 4, 6; JPEG 50, 25,
    /// 10, 5; rotation 10, 20, 30, 45; downscale 32, 24, 16, 12; occlusion 0.1, 0.2, 0.3, 0.5.
    /// </summary>
    /// <remarks>Chosen by eye on average faces, from slight to severe. Gamma 0.5 is glare, the others are darkness.</remarks>
    public static IReadOnlyList<Perturbation> DefaultGrid { get; } = Array.AsReadOnly<Perturbation>(
    [
        .. Of(PerturbationKind.Blur, 0.5, 1, 2, 4),
        .. Of(PerturbationKind.Noise, 8, 16, 32, 64),
        .. Of(PerturbationKind.Gamma, 0.5, 2, 4, 6),
        .. Of(PerturbationKind.Jpeg, 50, 25, 10, 5),
        .. Of(PerturbationKind.Rotation, 10, 20, 30, 45),
        .. Of(PerturbationKind.Downscale, 32, 24, 16, 12),
        .. Of(PerturbationKind.Occlusion, 0.1, 0.2, 0.3, 0.5),
    ]);

    /// <summary>What is done.</summary>
    public PerturbationKind Kind { get; }

    /// <summary>How strongly, in <see cref="Unit"/>.</summary>
    public double Strength { get; }

    /// <summary>The strength's unit in words, such as <c>degrees clockwise</c>.</summary>
    public string Unit => UnitOf(Kind);

    /// <summary>Makes a perturbed picture.</summary>
    /// <param name="frame">The picture; not changed.</param>
    /// <param name="sampleId">Which picture this is. Noise and the place of an occlusion follow from id, seed, kind and strength alone, whatever was perturbed before.</param>
    /// <param name="seed">Another seed gives other noise and another place.</param>
    /// <param name="face">The face's box in pixels; null where the picture is a face crop.</param>
    /// <returns>A new picture of the same size and format, alpha 255 where anything was changed. The caller disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sampleId"/> is null.</exception>
    /// <exception cref="ArgumentException">The picture is empty, too large for JPEG (65,500 pixels a side), or the box has no positive, finite size.</exception>
    /// <exception cref="InvalidOperationException">JPEG: Skia's native library is missing or does not fit.</exception>
    public Frame Apply(in FrameView frame, string sampleId = "", ulong seed = 1, RectF? face = null)
    {
        ArgumentNullException.ThrowIfNull(sampleId);
        if (frame.IsEmpty)
        {
            throw new ArgumentException("The view is empty (default): there is no picture to change.", nameof(frame));
        }

        RectF box = face ?? new RectF(0, 0, frame.Width, frame.Height);
        if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(box.Area) || !(box.Area > 0))
        {
            throw new ArgumentException($"The box {box} has no positive, finite size.", nameof(face));
        }

        double side = Math.Min(box.Width, box.Height);
        return Kind switch
        {
            PerturbationKind.Blur when Strength > 0 => PerturbationFilters.Blur(frame, Strength * side / 48),
            PerturbationKind.Noise when Strength > 0 => PerturbationFilters.Noise(frame, Strength, new SeededNumbers(seed, sampleId, this)),
            PerturbationKind.Gamma when Strength != 1 => PerturbationFilters.Gamma(frame, Strength),
            PerturbationKind.Jpeg => PerturbationFilters.Jpeg(frame, (int)Strength),
            PerturbationKind.Rotation when Strength % 360 != 0 => PerturbationFilters.Rotate(frame, Strength % 360, box.Center),
            PerturbationKind.Downscale when Strength < side => PerturbationFilters.Downscale(frame, Strength / side),
            PerturbationKind.Occlusion when Strength > 0 => PerturbationFilters.Occlude(frame, Strength, box, new SeededNumbers(seed, sampleId, this)),
            _ => Frame.CopyOf(frame),
        };
    }

    /// <summary>Kind and strength, in the invariant culture: <c>Blur 0.5</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Strength}");

    private static string UnitOf(PerturbationKind kind) => kind switch
    {
        PerturbationKind.Blur => "sigma in 48ths of the face's shorter side",
        PerturbationKind.Noise => "standard deviation in pixel levels",
        PerturbationKind.Gamma => "exponent, above 1 darkens",
        PerturbationKind.Jpeg => "quality",
        PerturbationKind.Rotation => "degrees clockwise",
        PerturbationKind.Downscale => "pixels left of the face's shorter side",
        _ => "share of the face that is covered",
    };

    private static IEnumerable<Perturbation> Of(PerturbationKind kind, params double[] strengths) => strengths.Select(strength => new Perturbation(kind, strength));
}
