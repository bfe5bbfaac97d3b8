using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

// Packs the libraries whose project files are given, as `dotnet pack` would, but for the .NET that the compiler has seen.
foreach (string project in args) Console.WriteLine(Package.Of(project).Write("bin/packages"));
return args.Length == 0 ? 1 : 0;

/// <summary>A NuGet package of one library.</summary>
/// <param name="Id">Its id, which is the name of its assembly too.</param>
/// <param name="Properties">What the project file says.</param>
/// <param name="Dependencies">The ids of the packages that it refers to.</param>
internal sealed record Package(string Id, IReadOnlyDictionary<string, string> Properties, IReadOnlyList<string> Dependencies)
{
    /// <summary>The compiler of this folder sees the assemblies of this version only.</summary>
    private const string Framework = "net10.0";
    private const string RelationsType = "application/vnd.openxmlformats-package.relationships+xml";

    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
    private static readonly XNamespace Types = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly XNamespace Links = "http://schemas.openxmlformats.org/package/2006/relationships";

    private string Version => Properties["Version"];

    public static Package Of(string project)
    {
        XElement root = XDocument.Load(project).Root!;
        Dictionary<string, string> properties = root.Elements("PropertyGroup").Elements()
            .ToDictionary(property => property.Name.LocalName, property => property.Value);
        string[] others = root.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            .ToArray();
        return new Package(properties["PackageId"], properties, others);
    }

    /// <summary>Returns the path of the package. A folder beside it has what is in it.</summary>
    public string Write(string folder)
    {
        CheckReferences();
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Id}.{Version}.nupkg");
        File.Delete(path);
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create)) Fill(archive);
        ZipFile.ExtractToDirectory(path, Path.Combine(folder, Id), overwriteFiles: true);
        return path;
    }

    private void Fill(ZipArchive archive)
    {
        Add(archive, "_rels/.rels", Relations());
        Add(archive, $"{Id}.nuspec", Manifest());
        Add(archive, "[Content_Types].xml", ContentTypes());
        archive.CreateEntryFromFile("README.md", Properties["PackageReadmeFile"]);
        archive.CreateEntryFromFile($"bin/{Id}.dll", $"lib/{Framework}/{Id}.dll");
        archive.CreateEntryFromFile($"bin/{Id}.xml", $"lib/{Framework}/{Id}.xml");
    }

    /// <summary>A library needs .NET, and what its package says.</summary>
    private void CheckReferences()
    {
        string[] needed = Assembly.LoadFrom($"bin/{Id}.dll").GetReferencedAssemblies()
            .Select(one => one.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .ToArray();
        if (needed.Except(Dependencies).FirstOrDefault() is { } missing)
        {
            throw new InvalidOperationException($"{Id} needs {missing}, and its project does not say so");
        }
    }

    private XDocument Manifest() => new(new XElement(
        Nuspec + "package",
        new XElement(
            Nuspec + "metadata",
            Element("id", Id),
            Element("version", Version),
            Element("title", Properties["Title"]),
            Element("authors", Properties["Authors"]),
            new XElement(
                Nuspec + "license", new XAttribute("type", "expression"), Properties["PackageLicenseExpression"]),
            Element("readme", Properties["PackageReadmeFile"]),
            Element("description", Properties["Description"]),
            Element("tags", Properties["PackageTags"].Replace(';', ' ')),
            new XElement(
                Nuspec + "dependencies",
                new XElement(
                    Nuspec + "group",
                    new XAttribute("targetFramework", Framework),
                    Dependencies.Select(id => new XElement(
                        Nuspec + "dependency", new XAttribute("id", id), new XAttribute("version", Version))))))));

    private XDocument Relations() => new(new XElement(
        Links + "Relationships",
        new XElement(
            Links + "Relationship",
            new XAttribute("Type", "http://schemas.microsoft.com/packaging/2010/07/manifest"),
            new XAttribute("Target", $"/{Id}.nuspec"),
            new XAttribute("Id", "manifest"))));

    private static XDocument ContentTypes()
    {
        string[] extensions = ["rels", "nuspec", "md", "dll", "xml"];
        return new XDocument(new XElement(
            Types + "Types",
            extensions.Select(extension => new XElement(
                Types + "Default",
                new XAttribute("Extension", extension),
                new XAttribute("ContentType", extension == "rels" ? RelationsType : "application/octet")))));
    }

    private static XElement Element(string name, string value) => new(Nuspec + name, value);

    private static void Add(ZipArchive archive, string name, XDocument content)
    {
        using Stream stream = archive.CreateEntry(name).Open();
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        content.Save(writer);
    }
}
