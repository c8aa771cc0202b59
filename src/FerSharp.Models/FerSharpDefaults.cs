using FerSharp.Onnx;

namespace FerSharp;

/// <summary>The shortest way to a working analyzer: the embedded models on ONNX Runtime.</summary>
public static class FerSharpDefaults
{
    /// <summary>Makes an analyzer over the embedded detector and classifier. It owns both: disposing it disposes them.</summary>
    /// <param name="options">Thresholds; null means the defaults.</param>
    /// <param name="detectorSize">Large finds faces half as large as small does; small takes a quarter of the time.</param>
    /// <exception cref="ArgumentException">Options out of range; all of them are listed.</exception>
    /// <exception cref="FerModelException">The ONNX Runtime library is missing or does not fit; the message names the package to add.</exception>
    public static EmotionAnalyzer CreateAnalyzer(EmotionAnalyzerOptions? options = null, DetectorSize detectorSize = DetectorSize.Large)
    {
        OnnxFaceDetector detector = OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(detectorSize));
        try
        {
            OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
            try
            {
                return new EmotionAnalyzer(detector, classifier, options, ownsModels: true);
            }
            catch
            {
                classifier.Dispose();
                throw;
            }
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }
}
