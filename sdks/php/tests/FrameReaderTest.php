<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Internal\Frame;
use OctoStore\Internal\FrameReader;
use PHPUnit\Framework\TestCase;

final class FrameReaderTest extends TestCase
{
    private const STREAM = ": hello\n\nevent: novelty\r\nid: 7\r\ndata: {}\r\n\r\ndata:ä\ndata:  b\nid\n\nevent: cut\n";

    /** @dataProvider sizes */
    public function testPiecesMayBeCutAnywhere(int $size): void
    {
        $reader = new FrameReader();
        $frames = array_merge(...array_map($reader->read(...), str_split(self::STREAM, $size)));
        self::assertEquals([new Frame('novelty', '7', '{}'), new Frame('message', '', "ä\n b")], $frames);
    }

    /** @return iterable<array{int}> */
    public static function sizes(): iterable
    {
        return array_map(static fn (int $size): array => [$size], [1, 2, 3, 7, 1000]);
    }
}
