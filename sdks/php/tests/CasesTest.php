<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Testing\InMemoryOctoStore;
use OctoStore\Transport\Exchange;
use OctoStore\Transport\Request;
use PHPUnit\Framework\TestCase;

/** The test double answers the cases for test doubles as the real server does. */
final class CasesTest extends TestCase
{
    private const CASES = __DIR__ . '/../../conformance/test-double-cases.json';

    private InMemoryOctoStore $octoStore;

    /** @var array<string, mixed> */
    private array $variables;

    /** @var array<string, Exchange> */
    private array $started = [];

    protected function setUp(): void
    {
        $this->octoStore = new InMemoryOctoStore();
        $this->octoStore->adminClient('admin');
        $this->variables = ['ada' => 'ada', 'bob' => 'bob', 'lock' => 'case-' . bin2hex(random_bytes(8))];
        foreach (range(1, 4) as $number) {
            $this->variables["id$number"] = sprintf('00000000-0000-4000-8000-%012d', $number);
        }
    }

    protected function tearDown(): void
    {
        $this->started = [];
        $this->octoStore->close();
    }

    /**
     * @dataProvider cases
     * @param list<array<string, mixed>> $steps
     */
    public function testItAnswersAsTheServerDoes(array $steps): void
    {
        foreach ($steps as $step) {
            match (true) {
                isset($step['pass_seconds']) => $this->octoStore->advance($step['pass_seconds']),
                isset($step['start']) => $this->started[$step['start']] = $this->send($step),
                isset($step['finish']) => $this->check($this->started[$step['finish']], $step),
                // Nothing happens beside the test, so what a step waits for is already so.
                default => $this->check($this->send($step), $step),
            };
        }
    }

    /** @return iterable<string, array{list<array<string, mixed>>}> */
    public static function cases(): iterable
    {
        $file = json_decode((string) file_get_contents(self::CASES), true, flags: JSON_THROW_ON_ERROR);
        foreach ($file['cases'] as $case) {
            yield $case['name'] => [$case['steps']];
        }
    }

    /** @param array<string, mixed> $step */
    private function send(array $step): Exchange
    {
        [$verb, $path] = explode(' ', $this->filled($step['ask']), 2);
        $headers = isset($step['as']) ? ['Authorization' => "Bearer {$step['as']}"] : [];
        $body = isset($step['body']) ? json_encode($this->filled($step['body']), JSON_THROW_ON_ERROR) : null;

        return $this->octoStore->transport()->start(new Request($verb, 'http://octostore.test', $path, $headers, $body));
    }

    /** @param array<string, mixed> $step */
    private function check(Exchange $exchange, array $step): void
    {
        $exchange->step(0.0);
        $text = $exchange->take();
        $body = str_starts_with($text, '{') ? json_decode($text, true, flags: JSON_THROW_ON_ERROR) : null;
        self::assertSame($step['status'], $exchange->status(), json_encode($step) . $text);
        if (isset($step['answer'])) {
            self::assertSame([], $this->differences($step['answer'], $body, 'the answer'), (string) json_encode($step));
        }
        foreach ($step['save'] ?? [] as $name => $field) {
            $this->variables[$name] = $body[$field];
        }
    }

    private function filled(mixed $value): mixed
    {
        if (is_array($value)) {
            return array_map($this->filled(...), $value);
        }
        if (!is_string($value)) {
            return $value;
        }

        return preg_match('/^\{(\w+)\}$/', $value, $found) === 1
            ? $this->variables[$found[1]]
            : preg_replace_callback('/\{(\w+)\}/', fn (array $one): string => (string) $this->variables[$one[1]], $value);
    }

    /** @return list<string> how an answer differs from the expected one */
    private function differences(mixed $expected, mixed $actual, string $path): array
    {
        if (!is_array($expected)) {
            $isSame = $expected === '$any' ? $actual !== null : $this->filled($expected) === $actual;

            return $isSame ? [] : [self::difference($expected, $actual, $path)];
        }
        if (!is_array($actual)) {
            return $this->areWithin($expected, $actual) ? [] : [self::difference($expected, $actual, $path)];
        }
        if (array_is_list($expected) && count($expected) !== count($actual)) {
            return [self::difference($expected, $actual, $path)];
        }
        $found = [];
        foreach ($expected as $name => $one) {
            array_push($found, ...$this->differences($one, $actual[$name] ?? null, "$path.$name"));
        }

        return $found;
    }

    /** @param array<string, mixed> $bounds */
    private function areWithin(array $bounds, mixed $actual): bool
    {
        foreach ($this->filled($bounds) as $name => $bound) {
            $isWithin = is_int($actual) && match ($name) {
                '$gt' => $actual > $bound,
                '$gte' => $actual >= $bound,
                '$lt' => $actual < $bound,
                '$lte' => $actual <= $bound,
                default => false,
            };
            if (!$isWithin) {
                return false;
            }
        }

        return true;
    }

    private static function difference(mixed $expected, mixed $actual, string $path): string
    {
        return "$path is " . json_encode($actual) . ', not ' . json_encode($expected);
    }
}
