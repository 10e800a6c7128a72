using Gnomon.Cases;
using Xunit;

namespace Gnomon.Conformance.Cases;

/// <summary>Every case and every scene as test data, found in the catalogue.</summary>
internal static class CaseSubjects
{
    public static TheoryData<string> Ids => [.. Casebook.All.Select(c => c.Card.Id)];

    public static TheoryData<string, string> Scenes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (id, scene) in Casebook.All.SelectMany(c => c.Scenes.Select(s => (c.Card.Id, s.Name))))
            {
                data.Add(id, scene);
            }

            return data;
        }
    }

    public static SceneRun Run(Case one, Scene scene, Draw draw)
    {
        var folder = Directory.CreateTempSubdirectory("gnomon-case-test-").FullName;
        try
        {
            return SceneRunner.Run(one, scene, draw, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
