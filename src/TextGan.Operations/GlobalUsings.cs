global using static TextGan.Native.HeldScalars;
