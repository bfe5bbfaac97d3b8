<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Client;
use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\LimitException;
use OctoStore\Exception\UnavailableException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Calls\Route;
use OctoStore\Internal\Checks;
use OctoStore\Internal\Servers;
use PHPUnit\Framework\TestCase;

/** Which of several servers is asked, and when. */
final class RouteTest extends TestCase
{
    public function testEachServerIsAskedOnceARoundWithoutAPause(): void
    {
        $route = new Route(new Servers(['a', 'b']));
        $asked = [$route->server];
        $pauses = [];
        while (($delayMs = $route->next(new UnavailableException('no'))) !== null) {
            $asked[] = $route->server;
            $pauses[] = $delayMs > 0;
        }
        self::assertSame(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'], $asked);
        self::assertSame([false, true, false, true, false, true, false], $pauses);
    }

    public function testAServerThatAsksForLongIsLeftAlone(): void
    {
        $route = new Route(new Servers(['a', 'b']));
        self::assertSame(0.0, $route->next(new UnavailableException('no', new ErrorFacts(retryAfterMs: 60_000))));
        for ($rounds = 1; $rounds <= 4; $rounds++) {
            self::assertSame('b', $route->server);
            self::assertSame($rounds < 4, $route->next(new UnavailableException('no')) !== null);
        }
    }

    public function testALimitIsThatOfTheService(): void
    {
        $route = new Route(new Servers(['a', 'b']));
        self::assertNotNull($route->next(new LimitException('slower', new ErrorFacts(status: 429))));
        self::assertSame('a', $route->server);
    }

    public function testAWaitGoesOnUntilItIsOver(): void
    {
        $untilMs = hrtime(true) / 1e6 + 60_000;
        $route = new Route(new Servers(['a']), untilMs: $untilMs);
        for ($failures = 0; $failures < 20; $failures++) {
            self::assertNotNull($route->next(new UnavailableException('no')));
        }
        self::assertEqualsWithDelta(30_000, $route->next(new UnavailableException('no', new ErrorFacts(retryAfterMs: 30_000))), 1);
        self::assertNull($route->next(new UnavailableException('no', new ErrorFacts(retryAfterMs: 70_000))));
    }

    public function testForksStayWithTheSameServer(): void
    {
        $servers = new Servers(['a', 'b', 'c']);
        self::assertSame('a', $servers->current());
        $pid = pcntl_fork();
        if ($pid === 0) {
            $servers->leave('a');
            $servers->leave('a');
            posix_kill(getmypid(), SIGKILL);
        }
        pcntl_waitpid($pid, $status);
        self::assertSame(['b', 'c', 'a'], $servers->fromCurrent());
        $servers->keep('c');
        self::assertSame('c', $servers->current());
    }

    public function testBaseUrlsAreGivenInAListOrWithCommas(): void
    {
        $expected = ['http://a', 'https://b/x'];
        self::assertSame($expected, Checks::baseUrls(' http://a/, https://b/x,,http://a'));
        self::assertSame($expected, Checks::baseUrls(['http://a', 'https://b/x/ , http://a']));
        self::assertSame('OctoStore\Client(http://a, http://b)', (string) new Client(['http://a', 'http://b'], 'token'));
        $this->expectException(ValidationException::class);
        Checks::baseUrls(', ');
    }
}
