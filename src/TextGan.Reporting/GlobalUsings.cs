global using ScottPlot;
global using SkiaSharp;
global using TextGan.Runs.Format;
