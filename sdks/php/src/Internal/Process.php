<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Renewal;

/**
 * Processes that are forked from this one to work in the background.
 *
 * A fork shares all open files and connections with its parent, and has a copy of all its objects. So it ends itself with `SIGKILL`,
 * which runs no destructors or shutdown functions and flushes no buffers: whatever the parent has open stays as it is. For its own work,
 * the fork opens new connections.
 *
 * @internal
 */
final class Process
{
    /** Signals that end or disturb a program. They are for the parent, which tells its forks itself what to do. */
    private const IGNORED = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE, SIGURG];

    /** @var array<int, resource> the parent's ends of the channels to its forks; no fork may keep them open */
    private static array $channels = [];

    /** @var list<resource> the files that replace the standard streams in a fork */
    private static array $standardFiles = [];

    /**
     * Runs something in a child of this process, which the caller must reap.
     *
     * @param \Closure(): void $work
     * @return int the child's process id
     * @throws \RuntimeException if the system has no process left
     */
    public static function fork(\Closure $work): int
    {
        // Until the fork ignores these signals, they would do to it what they do to the parent.
        pcntl_sigprocmask(SIG_BLOCK, self::IGNORED, $blockedBefore);
        try {
            $pid = @pcntl_fork();
            if ($pid === -1) {
                throw new \RuntimeException('No process can be forked: ' . pcntl_strerror(pcntl_get_last_error()));
            }
            if ($pid === 0) {
                self::run($work, $blockedBefore);
            }

            return $pid;
        } finally {
            pcntl_sigprocmask(SIG_SETMASK, $blockedBefore);
        }
    }

    /**
     * Runs something in a process that needs no reaping and may outlive this one. Returns false if it cannot be created.
     *
     * @param \Closure(): void $work
     */
    public static function detach(\Closure $work): bool
    {
        if (!Renewal::isBackgroundPossible()) {
            return false;
        }

        return Signals::holdOff(static function () use ($work): bool {
            // Only around the fork: at the end of `holdOff()`, a signal handler of the program may throw.
            try {
                // The intermediate process ends immediately, so that init adopts and reaps the other one.
                self::reap(self::fork(static fn () => self::fork($work)));
            } catch (\RuntimeException) {
                return false;
            }

            return true;
        });
    }

    /** Waits for a child that has ended or is about to. The program may have reaped it already, with all its other children. */
    public static function reap(int $pid): void
    {
        while (pcntl_waitpid($pid, $status) === -1 && pcntl_get_last_error() === PCNTL_EINTR) {
            continue;
        }
    }

    /** @param resource $channel the parent's end of a channel to a fork */
    public static function ownChannel($channel): void
    {
        self::$channels[(int) $channel] = $channel;
    }

    /** @param resource $channel */
    public static function closeChannel($channel): void
    {
        unset(self::$channels[(int) $channel]);
        fclose($channel);
    }

    /**
     * @param \Closure(): void $work
     * @param array<int> $blockedBefore the signals that were blocked before the fork
     */
    private static function run(\Closure $work, array $blockedBefore): never
    {
        try {
            self::leaveParent();
            pcntl_sigprocmask(SIG_SETMASK, $blockedBefore);
            $work();
        } catch (\Throwable) {
            // There is no one to tell.
        } finally {
            posix_kill(getmypid(), SIGKILL);
        }
    }

    private static function leaveParent(): void
    {
        pcntl_async_signals(false);
        foreach (self::IGNORED as $signal) {
            pcntl_signal($signal, SIG_IGN);
        }
        pcntl_signal(SIGCHLD, SIG_DFL);
        // None of the parent's handlers may run or print here, and none of its limits may end this process.
        set_error_handler(static fn (): bool => true);
        ini_set('memory_limit', '-1');
        set_time_limit(0);
        array_map(fclose(...), self::$channels);
        self::$channels = [];
        self::leaveStandardFiles();
    }

    /** So that no one waits for the end of a fork's output. The new files get the descriptors of the old ones. */
    private static function leaveStandardFiles(): void
    {
        foreach (['STDIN', 'STDOUT', 'STDERR'] as $name) {
            if (defined($name) && is_resource(constant($name))) {
                fclose(constant($name));
                self::$standardFiles[] = fopen('/dev/null', 'r+');
            }
        }
    }
}
