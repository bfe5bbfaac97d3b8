<?php

/**
 * Loads the classes of the package where there is no Composer: `require 'path/to/octostore/autoload.php';`.
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $prefix = 'OctoStore\\';
    if (!str_starts_with($class, $prefix)) {
        return;
    }
    $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
