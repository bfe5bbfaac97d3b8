<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Internal\Clock;
use OctoStore\Internal\Process;
use OctoStore\Internal\Signals;

/**
 * Renews in a child process, whatever the program is doing.
 *
 * The two processes share a channel. The child writes to it only when the lock or session is lost, when someone asks for its release, and
 * when it is asked for the time of the last renewal. So the channel does not fill up if the program does not read it for hours. The child
 * ends when the channel does, which is when this process closes it or dies. Both processes read the same monotonic clock.
 *
 * @internal
 */
final class BackgroundRenewer implements Renewer
{
    /** How long to wait for the child's answer. Without one, the last known state is used. */
    private const ANSWER_WITHIN_MS = 500.0;

    private readonly int $parent;
    private readonly int $child;

    /** @var resource */
    private $channel;

    private bool $isStopped = false;

    private readonly float $periodMs;
    private float $provedAtMs;
    private string $unread = '';

    public function __construct(Renewable $thing)
    {
        $this->provedAtMs = $thing->provedAtMs;
        $this->periodMs = $thing->lifetime->periodMs();
        [$this->channel, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)
            ?: throw new \RuntimeException('No pair of sockets can be had.');
        stream_set_blocking($this->channel, false);
        Process::ownChannel($this->channel);
        $this->parent = $parent = getmypid();
        try {
            $this->child = Process::fork(static fn () => (new RenewalLoop($thing, $theirs, $parent))->run());
        } catch (\Exception $error) {
            Process::closeChannel($this->channel);
            throw $error;
        } finally {
            fclose($theirs);
        }
    }

    /** A safety net, so that nothing is renewed after its handle is gone. */
    public function __destruct()
    {
        Signals::holdOff($this->stop(...));
    }

    public function news(): array
    {
        $reports = $this->read(0);
        // There must have been a renewal since the last known one.
        if ($reports === [] && Clock::nowMs() - $this->provedAtMs > $this->periodMs && !feof($this->channel)) {
            @fwrite($this->channel, RenewalLoop::QUESTION);
            $reports = $this->read(self::ANSWER_WITHIN_MS);
        }
        foreach ($reports as $report) {
            $this->provedAtMs = $report->provedAtMs;
        }

        return $reports;
    }

    public function renewIfDue(): void
    {
    }

    public function nextAtMs(): float
    {
        return INF;
    }

    public function stop(): void
    {
        if ($this->isStopped || getmypid() !== $this->parent) {
            return;
        }
        $this->isStopped = true;
        $this->read(0);
        // The program may have reaped a child that has ended, and its process id may have been reused.
        if (!feof($this->channel)) {
            posix_kill($this->child, SIGKILL);
        }
        Process::closeChannel($this->channel);
        Process::reap($this->child);
    }

    /** @return list<Report> the reports that arrive within that time */
    private function read(float $withinMs): array
    {
        $untilMs = Clock::nowMs() + $withinMs;
        do {
            $this->unread .= (string) @fread($this->channel, 8192);
            $lines = explode("\n", $this->unread);
            $this->unread = array_pop($lines);
            if ($lines !== [] || feof($this->channel)) {
                break;
            }
        } while ($this->isReadable($untilMs - Clock::nowMs()));

        return array_map(Report::decode(...), $lines);
    }

    private function isReadable(float $withinMs): bool
    {
        [$read, $write, $except] = [[$this->channel], null, null];

        return $withinMs > 0 && @stream_select($read, $write, $except, 0, (int) (1000 * $withinMs)) !== 0;
    }
}
