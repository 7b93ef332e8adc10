global using TextGan.Safety;
