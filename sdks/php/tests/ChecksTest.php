<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Checks;
use PHPUnit\Framework\TestCase;

final class ChecksTest extends TestCase
{
    /** @dataProvider invalidNames */
    public function testAnInvalidNameIsRefused(string $name): void
    {
        $this->expectException(ValidationException::class);
        Checks::name($name);
    }

    /** @return iterable<array{string}> */
    public static function invalidNames(): iterable
    {
        $names = ['', 'a b', 'a/', '/a', 'a//b', 'a/./b', '..', "a\n", 'ä', 'a?b', str_repeat('a', 65), str_repeat('a/', 128) . 'a'];

        return array_map(static fn (string $name): array => [$name], $names);
    }

    public function testAValidNameIsTaken(): void
    {
        foreach (['a', 'a.b/...c/..d', '_-._/A0-z', str_repeat('a', 64), str_repeat('a/', 127) . 'aa'] as $name) {
            Checks::name($name);
        }
        $this->addToAssertionCount(1);
    }

    public function testAWatchOfAnInvalidNameIsRefusedBeforeItBegins(): void
    {
        $this->expectException(ValidationException::class);
        (new Client())->watch('a//b');
    }

    public function testAWaitMustBeATime(): void
    {
        Checks::wait(0);
        Checks::wait(INF);
        $this->expectException(ValidationException::class);
        Checks::wait(NAN);
    }

    public function testWhatIsSentMustBeUtf8(): void
    {
        $this->expectException(ValidationException::class);
        (new Client())->acquire('a', metadata: "\xff");
    }
}
