<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

/** One end of a connection between two processes, which carries JSON, one value a line. */
final class Channel
{
    private string $unread = '';

    /** @param resource $stream */
    private function __construct(private $stream)
    {
        stream_set_blocking($stream, false);
    }

    /** @return array{self, self} */
    public static function pair(): array
    {
        [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0) ?: throw new \RuntimeException('no sockets');

        return [new self($one), new self($other)];
    }

    /** @param array<string, mixed> $value */
    public function writeLine(array $value): void
    {
        fwrite($this->stream, json_encode($value, JSON_THROW_ON_ERROR) . "\n");
    }

    /**
     * The next line; null if none comes within a time. The process ends when the other end has.
     *
     * @return ?array<string, mixed>
     */
    public function readLine(float $withinMs): ?array
    {
        $untilMs = hrtime(true) / 1e6 + $withinMs;
        while (!str_contains($this->unread, "\n")) {
            $us = (int) (1000 * max(0, $untilMs - hrtime(true) / 1e6));
            [$read, $write, $except] = [[$this->stream], null, null];
            if (@stream_select($read, $write, $except, intdiv($us, 1_000_000), $us % 1_000_000) !== 1) {
                return null;
            }
            $piece = (string) fread($this->stream, 65536);
            if ($piece === '') {
                posix_kill(getmypid(), SIGKILL);
            }
            $this->unread .= $piece;
        }
        [$line, $this->unread] = explode("\n", $this->unread, 2);

        return json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    }
}
