using System;
using System.IO;
using System.Linq;

/// <summary>
/// The files inside a program that .NET has published as a single file: at its end a list of them, and in its machine code,
/// before a known mark, where that list begins.
/// </summary>
internal static class Bundle
{
    private static readonly byte[] Mark =
    {
        0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
        0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
    };

    /// <summary>
    /// Writes the assemblies of .NET itself and of the compiler to a folder, and beside them a response file that refers to
    /// all those of .NET.
    /// </summary>
    public static int Extract(string program, string folder)
    {
        Directory.CreateDirectory(folder);
        byte[] bytes = File.ReadAllBytes(program);
        using (var reader = new BinaryReader(new MemoryStream(bytes)))
        using (StreamWriter references = File.CreateText(Path.Combine(folder, "references.rsp")))
        {
            reader.BaseStream.Position = BitConverter.ToInt64(bytes, IndexOfMark(bytes) - sizeof(long));
            if (reader.ReadUInt32() != 6) throw new InvalidDataException("a bundle of another version");
            reader.ReadUInt32();
            int count = reader.ReadInt32();
            reader.ReadString();
            // Where the configuration is: twice a place and a length, then flags.
            reader.ReadBytes(5 * sizeof(long));
            for (int i = 0; i < count; i++)
            {
                long start = reader.ReadInt64();
                long length = reader.ReadInt64();
                bool isCompressed = reader.ReadInt64() != 0;
                reader.ReadByte();
                string name = reader.ReadString();
                bool isOfCompiler = name == "Microsoft.CodeAnalysis.dll" || name == "Microsoft.CodeAnalysis.CSharp.dll";
                if (!isOfCompiler && !IsOfFramework(name)) continue;
                if (isCompressed) throw new InvalidDataException("a bundle that is compressed");
                string file = Path.Combine(folder, name);
                File.WriteAllBytes(file, bytes.Skip((int)start).Take((int)length).ToArray());
                if (!isOfCompiler) references.WriteLine("-r:" + file);
            }
        }
        return 0;
    }

    private static bool IsOfFramework(string name)
    {
        return name == "mscorlib.dll" || name == "netstandard.dll" || (name.StartsWith("System.") && name.EndsWith(".dll"));
    }

    private static int IndexOfMark(byte[] bytes)
    {
        for (int at = Array.IndexOf(bytes, Mark[0]); at >= 0; at = Array.IndexOf(bytes, Mark[0], at + 1))
        {
            if (bytes.Skip(at).Take(Mark.Length).SequenceEqual(Mark)) return at;
        }
        throw new InvalidDataException("no bundle");
    }
}
