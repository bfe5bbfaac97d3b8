<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Exception\OctoStoreException;

/** What all processes of the driver write. */
final class Output
{
    /** Does something and answers with what it returns or throws. */
    public static function answer(int $id, \Closure $do): void
    {
        try {
            self::write(['id' => $id, 'value' => Wire::value($do())]);
        } catch (OctoStoreException | ProgramException $error) {
            self::write(['id' => $id, 'error' => Wire::error($error)]);
        }
    }

    /** @param array<string, mixed> $message */
    public static function write(array $message): void
    {
        // Lines of several processes must not be mixed. A lock goes with the file that was opened, so each opens it anew.
        $lock = fopen(__FILE__, 'r');
        flock($lock, LOCK_EX);
        fwrite(STDOUT, json_encode($message, JSON_THROW_ON_ERROR) . "\n");
        fclose($lock);
    }
}
