<?php

declare(strict_types=1);

namespace OctoStore\Tests;

/** What the system says of processes. Needs /proc. */
final class Processes
{
    /** @return list<int> the children of a process that live, or have ended and were not reaped */
    public static function childrenOf(int $parent): array
    {
        $children = [];
        foreach (glob('/proc/[0-9]*/stat') as $file) {
            // A process may end while it is looked at.
            $stat = (string) @file_get_contents($file);
            // The name stands in parentheses, and may hold anything.
            $fields = explode(' ', substr($stat, (int) strrpos($stat, ')') + 2));
            if (($fields[1] ?? null) === (string) $parent) {
                $children[] = (int) basename(dirname($file));
            }
        }

        return $children;
    }

    public static function isAlive(int $pid): bool
    {
        $stat = (string) @file_get_contents("/proc/$pid/stat");

        return $stat !== '' && !str_starts_with(substr($stat, (int) strrpos($stat, ')') + 2), 'Z');
    }
}
