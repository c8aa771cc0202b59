using static FerSharp.Features.EyeFrame;

namespace FerSharp.Features;

/// <summary>
/// Geometry of 68 points, numbered from 0: jaw 0-16, brows 17-21 and 22-26, nose 27-35, eyes 36-41 and 42-47, outer lips 48-59, inner lips 60-67
/// (Sagonas et al., 2013). docs/features.md lists the values.
/// </summary>
internal static class FaceShape
{
    public const int Count = 68;

    public const int Length = 45;

    /// <summary>Writes all values where the points can be used, otherwise none.</summary>
    /// <param name="p">68 points, changed.</param>
    /// <param name="row">Receives the values.</param>
    public static bool TryWrite(Span<PointF> p, Span<float> row)
    {
        if (!TryEnter(p, Mean(p[36..42]), Mean(p[42..48])))
        {
            return false;
        }

        float leftOpen = (Distance(p[37], p[41]) + Distance(p[38], p[40])) / 2, rightOpen = (Distance(p[43], p[47]) + Distance(p[44], p[46])) / 2;
        float width = Distance(p[48], p[54]), height = Distance(p[51], p[57]), innerWidth = Distance(p[60], p[64]), innerHeight = Distance(p[62], p[66]);
        float lips = (p[51].Y + p[57].Y) / 2;
        PointF mouth = Mean(p[48..60]);
        ReadOnlySpan<float> values =
        [
            1,

            // Eyes: opening, and opening over width (Soukupová and Čech, Real-time eye blink detection using facial landmarks, 2016).
            leftOpen, rightOpen, Ratio(leftOpen, Distance(p[36], p[39])), Ratio(rightOpen, Distance(p[42], p[45])),

            // Brows: height of each point over the eyes, distance of the inner ends, slope of both halves, each towards the middle of the face.
            Cut(-p[17].Y), Cut(-p[18].Y), Cut(-p[19].Y), Cut(-p[20].Y), Cut(-p[21].Y),
            Cut(-p[22].Y), Cut(-p[23].Y), Cut(-p[24].Y), Cut(-p[25].Y), Cut(-p[26].Y),
            Distance(p[21], p[22]),
            Slope(p[17], p[19]), Slope(p[19], p[21]), Slope(Mirror(p[26]), Mirror(p[24])), Slope(Mirror(p[24]), Mirror(p[22])),

            // Mouth: size, shape, how far the corners lie above the middle of the lips, and angles at the corners.
            width, height, innerWidth, innerHeight, Ratio(height, width), Ratio(innerHeight, innerWidth),
            Cut(lips - p[48].Y), Cut(lips - p[54].Y),
            Angle(p[51], p[48], p[57]), Angle(p[51], p[54], p[57]), Slope(p[48], p[54]),

            // Where the mouth lies: to the nose, the outer corners of the eyes, the chin.
            Distance(p[33], p[48]), Distance(p[33], p[54]), Distance(p[33], p[51]), Distance(p[57], p[8]), Distance(p[33], p[8]),
            Distance(p[36], p[48]), Distance(p[45], p[54]), Cut(mouth.Y), Cut(p[33].X - mouth.X),

            // Nose and jaw.
            Distance(p[31], p[35]), Distance(p[27], p[33]), Ratio(p[33].Y, mouth.Y), Distance(p[4], p[12]), Angle(p[4], p[8], p[12]),
        ];
        values.CopyTo(row);
        return true;
    }

    private static PointF Mirror(PointF point) => new(-point.X, point.Y);
}
