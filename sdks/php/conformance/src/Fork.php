<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

/** Runs something in a process of its own. */
final class Fork
{
    /** @param \Closure(): mixed $work */
    public static function run(\Closure $work): void
    {
        $pid = pcntl_fork();
        if ($pid === -1) {
            throw new \RuntimeException('no process can be forked');
        }
        if ($pid > 0) {
            return;
        }
        try {
            pcntl_signal(SIGCHLD, SIG_DFL);
            pcntl_signal(SIGTERM, SIG_DFL);
            $work();
        } catch (\Throwable $error) {
            fwrite(STDERR, "$error\n");
        } finally {
            // Without the destructors of what the parent has.
            posix_kill(getmypid(), SIGKILL);
        }
    }
}
