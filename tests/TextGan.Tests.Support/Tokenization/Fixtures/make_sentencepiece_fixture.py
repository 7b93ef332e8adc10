"""Writes sentencepiece.json and sentencepiece-models.tar.br beside this file: small models of every kind, and what the
reference implementation makes of odd texts and of arbitrary ids with them.

Needs SentencePiece and Brotli (Debian: python3-sentencepiece, python3-brotli; written with SentencePiece 0.1.97).
Run: /usr/bin/python3 make_sentencepiece_fixture.py
"""
import io
import json
import os
import random
import tarfile
import tempfile

import brotli
import sentencepiece

HERE = os.path.dirname(os.path.abspath(__file__))

WORDS = """the a cat dog sat on mat and said hello to who ran away from house small big red blue letter number street first
last morning evening write read open close window door naïve café über straße señor año garçon Ελλάδα λόγος привет мир книга
日本 日本語 東京 大学 東京大学 中文 한국어 שלום مرحبا running runner runs unhappiness happiness un happy ness re-read co-op don't it's""".split()


def corpus():
    rng = random.Random(20240608)
    lines = []
    for _ in range(1500):
        words = [WORDS[int(len(WORDS) * rng.random() ** 1.5)] for _ in range(rng.randint(3, 12))]
        if rng.random() < 0.3:
            words.insert(rng.randrange(len(words)), str(rng.randint(0, 9999)))
        lines.append((" " if rng.random() < 0.9 else "  ").join(words).capitalize() + rng.choice(".!?,"))
    return lines


TEXTS = [
    "", "a", "A", "é", "日", "☃", "1", "▁", " ", "  ", "\t", "\n", "\u3000", "\u00a0", "\0", "\u0001", "\u200b", "\ufeff", "\ufffd", "\u0301",
    "hello", " hello", "hello ", "  hello  ", "hello  world", "hello\tworld", "hello\nworld\r\n", "hello\u3000world", "hello\u00a0world", "\nhello", "\t \n",
    "The cat sat on the mat.", "the dog ran away from 1234 houses, 56!", "unhappiness re-read don't", "UNHAPPINESS", "running runners",
    "cafe\u0301 nai\u0308ve", "e\u0301", "a\u0301\u0302\u0303", "\u1112\u1161\u11ab", "한국어", "ＡＢＣ　ｈｅｌｌｏ１２３！", "ｶﾞｷﾞｸﾞ ﾊﾟ", "ﬁrst ﬂoor oﬃce ﬆ", "ﷺ", "½ ¾ ① ㍿ ℡ ™", "ǆ Ǆ",
    "😀", "😀😀😀", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽 ok", "a😀b", "hello 😀 world 😀", "☃☃☃ snow ☃", "☃ ☃", "qqq zzz",
    "日本語東京大学", "私は東京大学で日本語を読む。", "中文 and 日本", "שלום עולם", "مرحبا بالعالم", "\u202eabc\u202c", "привет мир", "Ελλάδα λόγος", "ς Σ ß ẞ İ ı",
    "▁hello", "hello▁world", "▁▁a", "a▁", "a ▁ b", "<s>", "</s>", "<unk>", "<pad>", "a <s> b</s>", "<unk>hello", "<0x41>", "<sep>", "a<sep>b <sep> c", "<ctl>", "★", "★a",
    "[START]", "ab", "abab cab", "日本日本語", "the cat\0sat", "tab\tand\u000bvt\u000cff", "soft\u00adhyphen zero\u200bwidth\u200djoiner\u2060word", "line\u2028sep\u2029par\u0085nel",
    "x" * 40, "a b c d e f g", "aaaaaaaaaaaaaaaaaaaaaaaa", " ".join(["the cat sat"] * 8), "2024-06-08 12:34:56", "C'est l'été… «où»?", "\U0010ffff\ue000", "ok -> ok; (teh) :-)", "teh",
]

RULES = "\n".join(["74 65 68\t74 68 65", "2D 3E\t2192", "2D\t2212", "FF21\t41", "9\t20", "A\t20", "200B\t", "FB01\t66 69", "E9\t65 301", "3A 2D 29\t1F600", "78\t20 78 20"]) + "\n"
BACK = "2192\t2D 3E\n1F600\t3A 2D 29\n"

MODELS = {
    "bpe": dict(model_type="bpe"),
    "bpe-identity": dict(model_type="bpe", normalization_rule_name="identity"),
    "bpe-bytes": dict(model_type="bpe", byte_fallback=True),
    "bpe-llama": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
                      allow_whitespace_only_pieces=True),
    "bpe-no-prefix": dict(model_type="bpe", add_dummy_prefix=False),
    "bpe-no-prefix-keep-blanks": dict(model_type="bpe", add_dummy_prefix=False, remove_extra_whitespaces=False, normalization_rule_name="identity"),
    "bpe-suffix": dict(model_type="bpe", treat_whitespace_as_suffix=True),
    "bpe-symbols": dict(model_type="bpe", user_defined_symbols=["<sep>", "ab", "日本", "▁▁", "hello world"], control_symbols=["<ctl>", "★"]),
    "bpe-across-blanks": dict(model_type="bpe", split_by_whitespace=False, normalization_rule_name="identity"),
    "bpe-unused": dict(model_type="bpe", normalization_rule_name="identity", unused=3),
    "bpe-other-ids": dict(model_type="bpe", unk_id=3, bos_id=0, eos_id=1, pad_id=2, unk_surface="?", bos_piece="[START]", eos_piece="[END]", normalization_rule_name="identity"),
    "bpe-rules": dict(model_type="bpe", rules=True),
    "unigram": dict(model_type="unigram"),
    "unigram-identity": dict(model_type="unigram", normalization_rule_name="identity"),
    "unigram-bytes": dict(model_type="unigram", byte_fallback=True),
    "unigram-bytes-keep-blanks": dict(model_type="unigram", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True),
    "unigram-no-prefix": dict(model_type="unigram", add_dummy_prefix=False, remove_extra_whitespaces=False),
    "unigram-suffix": dict(model_type="unigram", treat_whitespace_as_suffix=True, normalization_rule_name="identity"),
    "unigram-symbols": dict(model_type="unigram", user_defined_symbols=["<sep>", "ab", "日本", "▁▁", "hello world"], control_symbols=["<ctl>", "★"]),
    "unigram-across-blanks": dict(model_type="unigram", split_by_whitespace=False, normalization_rule_name="identity"),
    "unigram-unused": dict(model_type="unigram", normalization_rule_name="identity", unused=3),
    "unigram-rules": dict(model_type="unigram", rules=True),
    "word": dict(model_type="word"),
    "word-no-prefix": dict(model_type="word", add_dummy_prefix=False, normalization_rule_name="identity", remove_extra_whitespaces=False),
    "word-suffix": dict(model_type="word", treat_whitespace_as_suffix=True, normalization_rule_name="identity"),
    "char": dict(model_type="char"),
    "char-symbols": dict(model_type="char", user_defined_symbols=["<sep>", "ab", "日本"], control_symbols=["★"], normalization_rule_name="identity"),
}


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def with_unused(model, every):
    """The model with every n-th normal piece of several characters marked as unused; its type is normal by default and not written."""
    result, at, count = bytearray(), 0, 0
    while at < len(model):
        start = at
        tag, at = varint(model, at)
        size, at = varint(model, at)
        body, at = model[at:at + size], at + size
        if tag == 10:  # a piece: field 1 of it is its text, a byte of length before it
            text = body[2:2 + body[1]].decode()
            is_normal = len(body) == 2 + body[1] + 5
            if is_normal and len(text) > 1:
                count += 1
                if count % every == 0:
                    body += bytes([24, 5])
                    result += bytes([10, len(body)]) + body
                    continue
        result += model[start:at]
    return bytes(result)


def train(name, options, folder):
    options = dict(options)
    every, rules = options.pop("unused", 0), options.pop("rules", False)
    if rules:
        for file, content in (("rules.tsv", RULES), ("back.tsv", BACK)):
            with open(os.path.join(folder, file), "w") as out:
                out.write(content)
        options.update(normalization_rule_tsv=os.path.join(folder, "rules.tsv"), denormalization_rule_tsv=os.path.join(folder, "back.tsv"))
    kind = options["model_type"]
    size = 400 if options.get("byte_fallback") else 200
    if kind in ("word", "char"):
        options.update(hard_vocab_limit=False) if kind == "char" else options.update(use_all_vocab=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(corpus()), model_writer=model, vocab_size=size, character_coverage=0.98, num_threads=1,
                                             minloglevel=2, **options)
    return with_unused(model.getvalue(), every) if every else model.getvalue()


def ids_of(processor, text):
    """None where the reference fails: a text has a control symbol as a piece."""
    ids = processor.encode(text)
    controls = (processor.id_to_piece(i) for i in range(processor.get_piece_size()) if processor.is_control(i))
    return None if not ids and any(control in text for control in controls) else ids


def main():
    rng = random.Random(20240609)
    entries, archive = [], io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, options in MODELS.items():
            model = train(name, options, folder)
            header = tarfile.TarInfo(name + ".model")
            header.size = len(model)
            tar.addfile(header, io.BytesIO(model))
            processor = sentencepiece.SentencePieceProcessor(model_proto=model)
            ids = [ids_of(processor, text) for text in TEXTS]
            size = processor.get_piece_size()
            sequences = [known for known in ids[::4] if known] + [[int(size * rng.random() ** 2) for _ in range(rng.randint(1, 8))] for _ in range(25)]
            entries.append(dict(name=name, size=size, start=processor.bos_id(), end=processor.eos_id(), unknown=processor.unk_id(), ids=ids,
                                sequences=sequences, decoded=[processor.decode(sequence) for sequence in sequences]))
    with open(os.path.join(HERE, "sentencepiece-models.tar.br"), "wb") as out:
        out.write(brotli.compress(archive.getvalue(), lgwin=24))
    with open(os.path.join(HERE, "sentencepiece.json"), "w", encoding="utf-8") as out:
        out.write('{"texts": ' + json.dumps(TEXTS) + ',\n"models": [\n')
        out.write(",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries) + "\n]}\n")


main()
