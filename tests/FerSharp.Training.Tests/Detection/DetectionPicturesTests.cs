using System.Formats.Tar;
using System.IO.Compression;
using FerSharp.Media;

namespace FerSharp.Training.Tests;

public sealed class DetectionPicturesTests
{
    private const string Header = "file,source,split,x0,y0,x1,y1,re_x,re_y,le_x,le_y,n_x,n_y,rm_x,rm_y,lm_x,lm_y,ignore";

    [Fact]
    public void Load_FilesAndArchives_GivesTheirFaces()
    {
        using var folder = new TestFolder();
        Save(folder["head.png"], DrawnHeads.CloseUp());
        Directory.CreateDirectory(folder["in"]);
        Save(folder["in/scene.png"], DrawnHeads.Scene(1));
        using (var tar = new TarWriter(new GZipStream(File.Create(folder["a.tar.gz"]), CompressionLevel.Fastest)))
        {
            tar.WriteEntry(folder["in/scene.png"], "scenes/scene.png");
        }

        File.WriteAllText(folder["labels.csv"], $"""
            {Header}
            head.png,x,train,16,12,64,68,30,33,50,33,40,46,32,57,48,57,0
            scenes/scene.png,x,train,37,26,73,70,,,,,,,,,,,0
            scenes/scene.png,x,train,100,100,120,130,,,,,,,,,,,1
            other.png,x,val,1,1,9,9,,,,,,,,,,,0
            """);

        DetectionPictures pictures = DetectionPictures.Load(folder.Path, "train", TestContext.Current.CancellationToken);

        Assert.Equal((2, 2), (pictures.Count, pictures.FaceCount));
        Assert.Equal("head.png", Assert.Single(pictures.CloseUps).Id);
        DetectionPicture scene = Assert.Single(pictures.Scenes);
        Assert.Equal([false, true], scene.Faces.Select(face => face.Ignored));
        Assert.Equal(new RectF(37, 26, 36, 44), scene.Faces[0].Box);
        Assert.Equal(50, pictures.CloseUps[0].Faces[0].Landmarks.RightEye.X);
        Assert.Equal(DrawnHeads.CloseUp().Pixels, pictures.CloseUps[0].Pixels);
    }

    [Fact]
    public void Load_ChangedLabel_HasAnotherHash()
    {
        using var folder = new TestFolder();
        Save(folder["head.png"], DrawnHeads.CloseUp());
        string[] hashes = [.. new[] { "16", "17" }.Select(left =>
        {
            File.WriteAllText(folder["labels.csv"], $"{Header}\nhead.png,x,train,{left},12,64,68,,,,,,,,,,,0\n");
            return DetectionPictures.Load(folder.Path, "train", TestContext.Current.CancellationToken).Info.Sha256;
        })];
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void Load_PictureThatIsNowhere_NamesIt()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["labels.csv"], $"{Header}\nlost.png,x,train,16,12,64,68,,,,,,,,,,,0\n");
        FileNotFoundException fault = Assert.Throws<FileNotFoundException>(() => DetectionPictures.Load(folder.Path, "train", TestContext.Current.CancellationToken));
        Assert.Contains("lost.png", fault.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => DetectionPictures.Load(folder["none"], "train", TestContext.Current.CancellationToken));
        Assert.Throws<InvalidDataException>(() => DetectionPictures.Load(folder.Path, "test", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "lack the columns file")]
    [InlineData("file,split\na,train", "x0")]
    [InlineData(Header + "\na,x,train,1", "Line 2")]
    [InlineData(Header + "\na,x,train,1,2,3,NaN,,,,,,,,,,,0", "Line 2")]
    [InlineData(Header + "\na,x,train,5,5,5,9,,,,,,,,,,,0", "a size")]
    [InlineData(Header + "\na,x,train,1,2,3,4,7,8,,,,,,,,,0", "ten numbers")]
    public void Read_LabelsAtFault_SaysWhere(string text, string expected)
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => DetectionLabels.Read(new StringReader(text), "train"));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RowWithoutBox_IsAPictureWithoutFaces()
    {
        Dictionary<string, List<Evaluation.TrueFace>> pictures = DetectionLabels.Read(new StringReader(Header + "\na,x,train,,,,,,,,,,,,,,,0"), "train");
        Assert.Empty(pictures["a"]);
    }

    [Fact]
    public void Load_SharedPictures_HaveFacesWithinThem()
    {
        string folder = TestFiles.InShared("data", "detection");
        DetectionPictures pictures = DetectionPictures.Load(folder, "val", TestContext.Current.CancellationToken);
        Assert.Equal(1080, pictures.Count);
        Assert.True(pictures.CloseUps.Count > 500 && pictures.Scenes.Count > 150, $"{pictures.CloseUps.Count} close-ups, {pictures.Scenes.Count} scenes");
        Assert.All(pictures.All.SelectMany(picture => picture.Known.Select(face => (picture, face))), pair =>
            Assert.True(pair.face.Box.IntersectionArea(new RectF(0, 0, pair.picture.Width, pair.picture.Height)) > 0.3f * pair.face.Box.Area));
    }

    private static void Save(string path, DetectionPicture picture) => ImageFile.Save(path, picture.View);
}
