<?php

/** Loads the classes of the tests and of the conformance driver as well. */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

spl_autoload_register(static function (string $class): void {
    $folders = ['OctoStore\\Conformance\\' => 'conformance/src', 'OctoStore\\Tests\\' => 'tests', 'Psr\\' => 'tests/psr-stubs'];
    foreach ($folders as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require __DIR__ . "/$folder/" . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        }
    }
});
