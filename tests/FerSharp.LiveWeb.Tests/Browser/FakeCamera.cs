using System.Diagnostics;
using System.Text;
using FerSharp.Media;

namespace FerSharp.LiveWeb.Tests.Browser;

/// <summary>Files for the browser's camera, in a folder that goes with the object.</summary>
internal sealed class FakeCamera : IDisposable
{
    private const int Width = 640, Height = 480, Frames = 10;

    public string Folder { get; } = Directory.CreateTempSubdirectory("fersharp-camera-").FullName;

    /// <summary>Two faces that belong to nobody, side by side: a sad one and one that looks afraid. YUV4MPEG2, ten frames a second.</summary>
    public string MakeFaces()
    {
        string path = Path.Combine(Folder, "faces.y4m");
        using Frame picture = ImageFile.Load(TestFiles.InRepository("samples", "pictures", "average-faces.png"));
        byte[] luma = new byte[Width * Height];
        luma.AsSpan().Fill(120);
        Paste(picture.View.Slice(840, 0, 280, 310), luma, left: 20);
        Paste(picture.View.Slice(700, 310, 280, 310), luma, left: 340);
        byte[] chroma = new byte[Width * Height / 2];
        chroma.AsSpan().Fill(128);
        using FileStream file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes($"YUV4MPEG2 W{Width} H{Height} F10:1 Ip A1:1 C420jpeg\n"));
        for (int i = 0; i < Frames; i++)
        {
            file.Write("FRAME\n"u8);
            file.Write(luma);
            file.Write(chroma);
        }

        return path;
    }

    /// <summary>A clip of the data folder, as the browser's camera wants it; skips the test where clip or ffmpeg is absent.</summary>
    public string MakeClip(string name)
    {
        string clip = TestFiles.InShared("data", "video", name), path = Path.Combine(Folder, "clip.mjpeg");
        try
        {
            string[] arguments = ["-v", "error", "-nostdin", "-y", "-i", clip, "-vf", "scale=640:-2", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg", path];
            using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
            ffmpeg.WaitForExit();
            Assert.Equal(0, ffmpeg.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs ffmpeg in PATH");
        }

        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Paste(FrameView face, byte[] luma, int left)
    {
        for (int y = 0; y < face.Height; y++)
        {
            ReadOnlySpan<byte> row = face.GetRow(y);
            int step = face.Format.BytesPerPixel();
            for (int x = 0; x < face.Width; x++)
            {
                luma[((85 + y) * Width) + left + x] = row[x * step];
            }
        }
    }
}
